import { describe, expect, test } from 'vitest'
import { concluded } from '../../../../src/compare/sensitivity/changes.ts'
import { alternativeResult, isOf, onSeeds, triedFacts } from '../../../../src/compare/sensitivity/sensitivity.ts'
import { madeResult } from '../../../golden/made-result.ts'
import { figured } from './figure-model.ts'

const result = madeResult({
  c: { a: figured([1, 1, 0.99, 1], [0.9, 0.8, 0.9, 1]), b: figured([0.5, 0.4, 0.5, 0.5], [0.2, 0.3, 0.2, 0.2]) },
})

describe('a sensitivity', () => {
  const part = onSeeds(result, [1, 2, 3])
  const tried = concluded(part)
  const sensitivity = { study: triedFacts(part.study), conclusions: tried.conclusions, alternatives: [] }

  test('is of a result that leads to its conclusions on its seeds, whatever the other seeds', () => {
    expect(isOf(sensitivity, part)).toBe(true)
    expect(isOf(sensitivity, result)).toBe(true)
    const renamed = { ...result.study, changed: ['--seeds 4'], scenario: { ...result.study.scenario, given: './x.ts' } }
    expect(isOf(sensitivity, { ...result, study: renamed })).toBe(true)
  })

  test.each<[string, Partial<typeof result.study>]>([
    ['another scenario', { scenario: { ...result.study.scenario, name: 'other' } }],
    ['another profile', { profile: { ...result.study.profile, name: 'intl' } }],
    ['other switches', { switches: { ...result.study.switches, window: 'fixed' } }],
    ['other options', { changed: ['--set arrivals.calls=3'] }],
    ['fewer seeds', { seeds: [1, 2] }],
  ])('is not of %s', (_what, study) => {
    expect(isOf(sensitivity, { ...result, study: { ...result.study, ...study } })).toBe(false)
  })

  test('is not of a result with other figures', () => {
    const cells = result.cells.map((cell) => ({
      ...cell,
      summary: { ...cell.summary, metrics: { ...cell.summary.metrics, success: 0.7 } },
    }))
    expect(isOf(sensitivity, { ...result, cells })).toBe(false)
  })

  test('lists what failed under an alternative', () => {
    const failed = [{ id: 'mine', message: 'It throws.' }]
    const under = { ...part, study: { ...part.study, failed } }
    const alternative = { switch: 'window', value: 'fixed' }
    expect(alternativeResult(tried, alternative, under)).toEqual({ ...alternative, changes: [], failed })
    expect(alternativeResult(tried, alternative, part)).toEqual({ ...alternative, changes: [] })
  })
})
