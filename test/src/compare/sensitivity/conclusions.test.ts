import { test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { comparisonOf } from '../../../../src/compare/comparison.ts'
import { conclusionsOf } from '../../../../src/compare/sensitivity/conclusions.ts'
import { anyStudy } from '../../../golden/any-study.ts'
import { madeResult } from '../../../golden/made-result.ts'
import { anyFigures, figured, modelOf } from './figure-model.ts'

const concludedFrom = (result: Parameters<typeof comparisonOf>[0]) => conclusionsOf(comparisonOf(result))

describe('what a comparison concludes', () => {
  test('is who leads, how many calls each strategy answers, and the order of neighbours', () => {
    const figures = {
      c: {
        queue: figured([0.8, 0.81, 0.82, 0.8, 0.81, 0.82], [0.7, 0.72, 0.71, 0.7, 0.72, 0.71]),
        none: figured([0.1, 0.11, 0.12, 0.1, 0.11, 0.12], [0.1, 0.11, 0.12, 0.1, 0.11, 0.12]),
        pace: figured([1, 1, 1, 1, 1, 1], [0.9, 0.91, 0.92, 0.9, 0.91, 0.92]),
      },
    }
    expect(concludedFrom(madeResult(figures)).map(({ kind, strategies }) => [kind, ...strategies])).toEqual([
      ['lead', 'pace'],
      ['answers', 'pace'],
      ['answers', 'queue'],
      ['answers', 'none'],
      ['order', 'pace', 'queue'],
      ['order', 'queue', 'none'],
    ])
  })

  test('is no order of what chance may have ordered, and no leader where all lead', () => {
    const figures = {
      c: {
        a: figured([1, 1, 1, 1, 1, 1], [0.9, 0.7, 0.8, 0.9, 0.7, 0.8]),
        b: figured([1, 1, 1, 1, 1, 1], [0.7, 0.8, 0.89, 0.7, 0.8, 0.89]),
      },
    }
    expect(concludedFrom(madeResult(figures)).map(({ kind }) => kind)).toEqual(['answers', 'answers'])
  })

  test('is no order of strategies that share a rank, even if the two alone could be told apart', () => {
    const steady = (value: number) => [value, value, value, value, value, value]
    const figures = {
      c: {
        a: figured(steady(1), [0.9, 0.3, 0.9, 0.5, 0.9, 0.9]),
        b: figured(steady(0.9), steady(0.6)),
        c: figured(steady(0.8), steady(0.5)),
      },
    }
    expect(concludedFrom(madeResult(figures)).map(({ kind }) => kind)).toEqual(['answers', 'answers', 'answers'])
  })

  test('is only what is answered when there are too few seeds for ranks, and nothing when no call was offered', () => {
    const figures = { c: { a: figured([1, 1], [0.9, 0.9]), b: figured([0.5, 0.5], [0.4, 0.4]) } }
    expect(concludedFrom(madeResult(figures)).map(({ kind }) => kind)).toEqual(['answers', 'answers'])
    expect(concludedFrom(madeResult(figures, { calls: 0 }))).toEqual([])
  })

  test.prop([anyFigures])('is what a simple model says, when every seed gives the same', (figures) => {
    expect(concludedFrom(figures.result)).toEqual(modelOf(figures))
  })

  test.prop([anyStudy])('has a finite figure for each strategy, whatever the result', (result) => {
    for (const { figures, strategies } of concludedFrom(result)) {
      expect(figures).toHaveLength(strategies.length)
      expect(figures.every(Number.isFinite)).toBe(true)
    }
  })
})
