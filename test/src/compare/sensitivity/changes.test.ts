import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { type ConclusionChange, changesUnder, concluded } from '../../../../src/compare/sensitivity/changes.ts'
import { anyStudy } from '../../../golden/any-study.ts'
import { type Figures, madeResult } from '../../../golden/made-result.ts'
import { anyFigures, type FiguredResult, figured, leadersIn, modelOf } from './figure-model.ts'

function changed(before: Figures, after: Figures): string[] {
  return changesUnder(concluded(madeResult(before)), madeResult(after)).map(
    ({ kind, strategies, outcome }) => `${kind} ${strategies.join(' ')} ${outcome}`,
  )
}

/** What another result makes of the conclusions of a first one, when every seed of both gives the same. */
function modelChanges(first: FiguredResult, second: FiguredResult) {
  const [before, after] = [first.byStrategy, second.byStrategy]
  const level = (sixteenths: number) => (sixteenths === 16 ? 2 : sixteenths < 2 ? 0 : 1)
  return modelOf(first).flatMap(({ kind, strategies }) => {
    const [id = '', other = ''] = strategies
    const change = (outcome: string | undefined) => (outcome ? [{ kind, strategies, outcome }] : [])
    if (kind === 'lead') {
      const leaders = leadersIn(second)
      const kept = strategies.filter((each) => leaders.includes(each))
      if (kept.length === strategies.length && kept.length === leaders.length) return []
      return change(kept.length === 0 ? 'flips' : 'weakens')
    }
    if (kind === 'answers') {
      const [was, is] = [before[id]!.success, after[id]!.success]
      // Two sixteenths are more than the least change of 0.1, and one is less.
      const isFar = Math.abs(was - is) >= 2
      if (level(was) === level(is)) return change(isFar ? 'weakens' : undefined)
      return change(isFar ? 'flips' : 'weakens')
    }
    const lead = after[id]!.efficiency - after[other]!.efficiency
    return change(lead > 0 ? undefined : lead < 0 ? 'flips' : 'weakens')
  })
}

describe('what another study changes', () => {
  test.prop([anyFigures, anyFigures])(
    'is what a simple model says, when every seed gives the same',
    (first, second) => {
      const found = changesUnder(concluded(first.result), second.result)
      expect(found.map(({ kind, strategies, outcome }) => ({ kind, strategies, outcome }))).toEqual(
        modelChanges(first, second),
      )
      for (const { kind, strategies, under, leaders } of found) {
        const figure = kind === 'answers' ? 'success' : 'efficiency'
        expect(under).toEqual(strategies.map((id) => second.byStrategy[id]![figure] / 16))
        expect(leaders).toEqual(kind === 'lead' ? leadersIn(second) : undefined)
      }
    },
  )

  test.prop([anyStudy])('is nothing when it is the same study', (result) => {
    expect(changesUnder(concluded(result), result)).toEqual([])
  })

  test.prop([anyFigures, fc.constantFrom('a', 'b', 'c', 'd')])(
    'says nothing of a strategy that did not take part',
    (first, absent) => {
      const { study, cells } = first.result
      const other = {
        study: {
          ...study,
          cases: study.cases.map((each) => ({
            ...each,
            contestants: each.contestants.filter(({ id }) => id !== absent),
          })),
        },
        cells: cells.filter(({ strategy }) => strategy !== absent),
      }
      const found = changesUnder(concluded(first.result), other)
      const about = ({ strategies }: ConclusionChange) => strategies.includes(absent)
      expect(found.filter(about)).toEqual([])
      expect(found.filter(({ kind }) => kind !== 'lead')).toEqual([])
    },
  )
})

describe('by chance nothing flips', () => {
  const steady = (value: number) => [value, value, value, value, value, value]
  const certain = { c: { a: figured(steady(1), steady(0.9)), b: figured(steady(0.5), steady(0.5)) } }

  test('but an order that can no longer be told weakens', () => {
    const noisy = {
      c: {
        a: figured(steady(1), [0.9, 0.3, 0.5, 0.7, 0.4, 0.8]),
        b: figured(steady(0.5), [0.4, 0.6, 0.7, 0.6, 0.5, 0.6]),
      },
    }
    expect(changed(certain, noisy)).toEqual(['lead a weakens', 'order a b weakens'])
  })

  test('and so does another leader that is not told apart from the former one', () => {
    const close = {
      c: { a: figured(steady(1), steady(0.9)), b: figured(steady(0.5), steady(0.904)) },
    }
    expect(changed(certain, close)).toEqual(['lead a weakens', 'order a b weakens'])
  })

  test('nor does it weaken where leaders change places by less than a relevant difference', () => {
    const alike = (a: number, b: number) => ({
      c: {
        a: figured(steady(1), steady(a)),
        b: figured(steady(1), steady(b)),
        c: figured(steady(0.5), steady(0.5)),
      },
    })
    expect(changed(alike(0.999, 0.998), alike(0.998, 0.999))).toEqual([])
    expect(changed(alike(0.999, 0.998), alike(0.7, 0.999))).toEqual(['lead a b weakens'])
    expect(changed(alike(0.999, 0.9), alike(0.7, 0.999))).toEqual(['lead a flips', 'order a b flips'])
    expect(changed(alike(0.999, 0.9), alike(0.999, 0.999))).toEqual(['lead a weakens', 'order a b weakens'])
  })

  test('and a share that moves to another level only on some seeds', () => {
    const noisy = { c: { a: figured([1, 0.2, 1, 0.3, 0.4, 1], steady(0.9)), b: figured(steady(0.5), steady(0.5)) } }
    expect(changed(certain, noisy)).toEqual(['answers a weakens'])
  })

  test('or moves to another level by less than 10 percentage points', () => {
    const near = { c: { a: figured(steady(0.95), steady(0.9)), b: figured(steady(0.5), steady(0.5)) } }
    const far = { c: { a: figured(steady(0.89), steady(0.9)), b: figured(steady(0.5), steady(0.5)) } }
    expect(changed(certain, near)).toEqual(['answers a weakens'])
    expect(changed(certain, far)).toEqual(['answers a flips'])
  })

  test('with too few seeds for ranks', () => {
    const [before, after] = [
      { c: { a: figured([1, 1], [1, 1]), b: figured([0, 0], [0, 0]) } },
      { c: { a: figured([0, 0], [0, 0]), b: figured([1, 1], [1, 1]) } },
    ]
    expect(changed(before, after)).toEqual(['answers a weakens', 'answers b weakens'])
  })
})
