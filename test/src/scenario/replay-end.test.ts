import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { callsBeforeEnd, endingWithTrace, longestHorizon } from '../../../src/scenario/replay-end.ts'
import type { Case } from '../../../src/scenario/scenario.ts'

const day = 86_400_000
const replay: Case = {
  name: 'recorded',
  title: 'Recorded',
  arrivals: { kind: 'trace', speed: 1 },
  lengths: { kind: 'trace' },
  maxTokens: 100,
  patience: 120_000,
  horizon: Infinity,
}
const trace = (...arrival: number[]) => ({ arrival: Float64Array.from(arrival) })

describe('endingWithTrace', () => {
  test.each<[string, Partial<Case>, readonly number[], number]>([
    ['the last arrival and the patience', {}, [0, 5000], 125_000],
    ['a trace of three days', {}, [0, 3 * day], 3 * day + 120_000],
    ['twice the speed', { arrivals: { kind: 'trace', speed: 2 } }, [0, 5001], 122_500],
    ['a horizon before the end', { horizon: 4000 }, [0, 5000], 4000],
    ['a horizon after the end', { horizon: day }, [0, 5000], 125_000],
    ['an endless patience', { patience: Infinity }, [0, 5000], day + 5000],
    ['a trace with one wrong date', {}, [0, 50 * 365 * day], longestHorizon],
    ['a speed of almost nothing', { arrivals: { kind: 'trace', speed: 1e-300 } }, [0, 5000], longestHorizon],
    ['no calls', {}, [], 120_000],
  ])('%s', (_what, changes, arrivals, horizon) => {
    expect(endingWithTrace({ ...replay, ...changes }, trace(...arrivals))).toEqual({ ...replay, ...changes, horizon })
  })

  test('a case with arrivals of its own is not changed', () => {
    const own: Case = { ...replay, arrivals: { kind: 'at-once', calls: 5 }, horizon: 7 }
    expect(endingWithTrace(own, trace(0, 5000))).toBe(own)
    expect(endingWithTrace(replay, undefined)).toBe(replay)
  })
})

const arrivals = fc.array(fc.nat(200_000), { minLength: 1, maxLength: 50 }).map((all) => all.sort((a, b) => a - b))
const speed = fc.oneof(fc.constantFrom(0.1, 1, 2), fc.double({ min: 0.001, max: 1000, noNaN: true }))

test.prop([arrivals, speed, fc.integer({ min: 1, max: 400_000 })])(
  'callsBeforeEnd counts the calls that arrive before the horizon, as counting one by one does',
  (all, speed, horizon) => {
    const chosen: Case = { ...replay, arrivals: { kind: 'trace', speed }, horizon }
    expect(callsBeforeEnd(chosen, trace(...all))).toBe(all.filter((at) => Math.floor(at / speed) < horizon).length)
  },
)

test.prop([arrivals, speed])(
  'a case that ends with its trace offers every call, and each keeps its patience',
  (all, speed) => {
    const chosen = endingWithTrace({ ...replay, arrivals: { kind: 'trace', speed } }, trace(...all))
    expect(callsBeforeEnd(chosen, trace(...all))).toBe(all.length)
    expect(all.every((at) => Math.floor(at / speed) + chosen.patience <= chosen.horizon)).toBe(true)
  },
)
