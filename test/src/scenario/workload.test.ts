import { describe, expect, test } from 'vitest'
import { InputError } from '../../../src/checks/input-error.ts'
import { seeded } from '../../../src/core/random.ts'
import type { Case } from '../../../src/scenario/scenario.ts'
import { type Workload, workloadOf } from '../../../src/scenario/workload.ts'

const plain: Case = {
  name: 'plain',
  title: 'Plain',
  arrivals: { kind: 'poisson', perSecond: 5, until: 60_000 },
  lengths: {
    kind: 'log-normal',
    prompt: { median: 600, spread: 0.8, most: 8000 },
    output: { median: 150, spread: 0.8, most: 1024 },
  },
  maxTokens: 2048,
  patience: 60_000,
  horizon: 900_000,
}
const recorded: Workload = {
  arrival: Float64Array.of(0, 999, 1500),
  promptTokens: Uint32Array.of(10, 20, 30),
  outputTokens: Uint32Array.of(1, 2, 3),
}
const workload = (changes: Partial<Case>, trace?: Workload, seed = 1) =>
  workloadOf({ ...plain, ...changes }, seeded(seed), trace)
const custom = (...instants: number[]): Partial<Case> => ({ arrivals: { kind: 'custom', generate: () => instants } })

describe('workloadOf', () => {
  test('is a pure function of the case and the seed', () => {
    expect(workload({})).toEqual(workload({}))
    expect(workload({}, undefined, 2)).not.toEqual(workload({}))
  })

  test('lengths do not shift when arrivals change, nor arrivals when lengths do', () => {
    const more = workload({ arrivals: { kind: 'at-once', calls: 5 } })
    expect([...more.promptTokens]).toEqual([...workload({}).promptTokens.subarray(0, 5)])
    expect(workload({ lengths: { kind: 'fixed', prompt: 1, output: 1 } }).arrival).toEqual(workload({}).arrival)
  })

  test('replays arrivals at another speed, in whole milliseconds', () => {
    const { arrival, promptTokens } = workload({ arrivals: { kind: 'trace', speed: 2 } }, recorded)
    expect([...arrival]).toEqual([0, 499, 750])
    expect(promptTokens).toHaveLength(3)
    expect([...recorded.arrival]).toEqual([0, 999, 1500])
  })

  test('lengths of a trace are used again from the first when there are more arrivals than lengths', () => {
    const { promptTokens, outputTokens } = workload({ ...custom(0, 1, 2, 3, 4), lengths: { kind: 'trace' } }, recorded)
    expect([...promptTokens]).toEqual([10, 20, 30, 10, 20])
    expect([...outputTokens]).toEqual([1, 2, 3, 1, 2])
  })

  test('takes the instants that a generator yields', () => {
    expect([...workload(custom(0, 0, 7)).arrival]).toEqual([0, 0, 7])
    expect(workload(custom()).arrival).toHaveLength(0)
  })

  test.each([
    ['descending', [5, 4]],
    ['fractional', [0.5]],
    ['negative', [-1]],
    ['not numbers', [Number.NaN]],
    ['infinite', [Infinity]],
  ])('refuses arrivals of a generator that are %s', (_how, instants) => {
    expect(() => workload(custom(...instants))).toThrow(InputError)
    expect(() => workload(custom(...instants))).toThrow(/arrivals of case `plain`/)
  })

  test('reports what a generator throws as a mistake in the scenario file', () => {
    const generate = () => {
      throw new TypeError('no luck')
    }
    expect(() => workload({ arrivals: { kind: 'custom', generate } })).toThrow(InputError)
    expect(() => workload({ arrivals: { kind: 'custom', generate } })).toThrow(/`plain` to be generated, but/)
    expect(() => workload({ arrivals: { kind: 'custom', generate } })).toThrow(
      expect.objectContaining({ cause: new TypeError('no luck') }),
    )
  })

  test.each([['arrivals' as const], ['lengths' as const]])('says that a trace is missing for %s', (what) => {
    const changes: Partial<Case> =
      what === 'arrivals' ? { arrivals: { kind: 'trace', speed: 1 } } : { lengths: { kind: 'trace' } }
    expect(() => workload(changes)).toThrow('Expected a recorded trace for case `plain`, got none')
  })

  test('offers only the calls of a trace that arrive before the horizon', () => {
    const { arrival, promptTokens } = workload({ arrivals: { kind: 'trace', speed: 1e-300 } }, recorded)
    expect([...arrival]).toEqual([0])
    expect(promptTokens).toHaveLength(1)
  })
})
