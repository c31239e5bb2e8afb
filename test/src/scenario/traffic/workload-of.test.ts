import { describe, expect, test } from 'vitest'
import { InputError } from '../../../../src/checks/input-error.ts'
import { seeded } from '../../../../src/core/random.ts'
import type { Case } from '../../../../src/scenario/scenario.ts'
import { workloadOf } from '../../../../src/scenario/traffic/workload-of.ts'
import type { Workload } from '../../../../src/scenario/workload.ts'

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

  test('replays fewer or more calls than the trace has, each with the lengths of its row, within the gap to the next row', () => {
    const rows = 3000
    const trace: Workload = {
      arrival: Float64Array.from({ length: rows }, (_, row) => 100 * row),
      promptTokens: Uint32Array.from({ length: rows }, (_, row) => 1 + row),
      outputTokens: Uint32Array.from({ length: rows }, (_, row) => 2 + row),
    }
    for (const factor of [0.3, 1, 2.5]) {
      const changes = { arrivals: { kind: 'trace', speed: 2, factor }, lengths: { kind: 'trace' } } as const
      const { arrival, promptTokens, outputTokens } = workload(changes, trace)
      expect(Math.abs(arrival.length - factor * rows)).toBeLessThan(4 * Math.sqrt(rows / 4) + 1)
      for (const [call, at] of arrival.entries()) {
        const row = promptTokens[call]! - 1
        expect(outputTokens[call]).toBe(2 + row)
        expect(Math.floor(at / 50)).toBe(row)
      }
      expect(arrival.every((at, call) => at >= (arrival[call - 1] ?? 0))).toBe(true)
    }
  })

  test('the prompt of a turn has the prompts and the answers before it, up to the context', () => {
    const arrivals = {
      kind: 'sessions',
      perSecond: 0.05,
      turns: 5,
      pause: 10_000,
      context: 1000,
      until: 600_000,
    } as const
    const { arrival, promptTokens } = workload({
      arrivals,
      lengths: { kind: 'fixed', prompt: 100, output: 500 },
      maxTokens: 150,
    })
    // Each turn adds 100 tokens of its own and the 150 of the answer before it.
    const ladder = [100, 350, 600, 850, 1000]
    expect(new Set(promptTokens)).toEqual(new Set(ladder))
    expect(arrival.every((at, call) => at >= (arrival[call - 1] ?? 0))).toBe(true)
    const turns = ladder.map((prompt) => promptTokens.filter((each) => each === prompt).length)
    expect(turns.slice(0, 4)).toEqual(turns.slice(0, 4).toSorted((a, b) => b - a))
  })

  test('a closed loop has a pause for each call, with the given mean, that depends on nothing but the seed', () => {
    const arrivals = { kind: 'closed', workers: 3, calls: 20_000, think: 2000 } as const
    const { arrival, loop } = workload({ arrivals })
    expect(arrival.every((at) => at === 0)).toBe(true)
    expect(loop!.workers).toBe(3)
    expect(loop!.think.reduce((sum, pause) => sum + pause, 0) / 20_000 / 2000).toBeCloseTo(1, 1)
    const fewer = workload({ arrivals: { ...arrivals, workers: 1, calls: 100 } })
    expect([...fewer.loop!.think]).toEqual([...loop!.think.subarray(0, 100)])
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
