import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { seeded } from '../../../../src/core/random.ts'
import type { Arrivals } from '../../../../src/scenario/arrivals/arrivals.ts'
import type { Case } from '../../../../src/scenario/scenario.ts'
import { workloadOf } from '../../../../src/scenario/traffic/workload-of.ts'
import type { Workload } from '../../../../src/scenario/workload.ts'

const plain: Case = {
  name: 'plain',
  title: 'Plain',
  arrivals: { kind: 'at-once', calls: 10 },
  lengths: { kind: 'fixed', prompt: 1, output: 1 },
  maxTokens: 2048,
  patience: 60_000,
  horizon: 900_000,
}
const recorded: Workload = {
  arrival: Float64Array.of(0, 999, 1500, 1500, 4000),
  promptTokens: Uint32Array.of(10, 20, 30, 40, 50),
  outputTokens: Uint32Array.of(1, 2, 3, 4, 5),
}
const drawn = (changes: Partial<Case>, seed = 1) => workloadOf({ ...plain, ...changes }, seeded(seed), recorded)
/** The arrivals of each process. */
const byProcess = ({ arrival, processes }: Workload) =>
  processes!.starts.map((_, process) => [...arrival].filter((_, call) => processes!.of[call] === process))

const processes = fc.integer({ min: 2, max: 20 })
const fixedInNumber = fc.oneof(
  fc.record({ kind: fc.constant('at-once' as const), calls: fc.integer({ min: 1, max: 100 }) }),
  fc.constant<Arrivals>({ kind: 'trace', speed: 1 }),
  fc
    .array(fc.nat(5000))
    .map((instants): Arrivals => ({ kind: 'custom', generate: () => [...instants].sort((a, b) => a - b) })),
)
const atRate: fc.Arbitrary<Arrivals> = fc.constantFrom<Arrivals>(
  { kind: 'poisson', perSecond: 20, until: 60_000 },
  { kind: 'step', before: 0, after: 40, at: 30_000, until: 60_000 },
  { kind: 'on-off', perSecond: 40, on: 500, off: 500, until: 60_000 },
  { kind: 'gamma', perSecond: 20, cv: 2, until: 60_000 },
  { kind: 'diurnal', perSecond: 20, swing: 0.8, period: 30_000, peak: 0, until: 60_000 },
  { kind: 'flash-crowd', perSecond: 10, factor: 4, at: 10_000, lasts: 10_000, decay: 5000, until: 60_000 },
)

describe('the calls of several processes', () => {
  test.prop([fixedInNumber, processes, fc.nat(30_000)])(
    'are those of one process, none lost and none twice, each moved by the start of its process',
    (arrivals, processes, joinEvery) => {
      const joins = arrivals.kind === 'trace' ? 0 : joinEvery
      const [one, many] = [drawn({ arrivals }), drawn({ arrivals, processes, joinEvery: joins })]
      const expected = byProcess(many).map((_, k) =>
        [...one.arrival].filter((_, i) => i % processes === k).map((at) => at + k * joins),
      )
      expect(byProcess(many)).toEqual(expected)
      expect([...many.arrival]).toEqual([...many.arrival].sort((a, b) => a - b))
      expect([...many.promptTokens]).toEqual([...one.promptTokens])
    },
  )

  test.prop([atRate, processes, fc.nat(1000)])(
    'are as many as those of one process where they have a rate, and the arrivals of two processes differ',
    (arrivals, processes, seed) => {
      const own = byProcess(drawn({ arrivals, processes }, seed))
      const total = own.reduce((sum, { length }) => sum + length, 0)
      // 1,200 are expected; those that come and go are the least certain.
      expect(total).toBeGreaterThan(700)
      expect(total).toBeLessThan(1700)
      expect(new Set(own.map((each) => each.join())).size).toBe(processes)
    },
  )

  test.prop([fc.oneof(fixedInNumber, atRate), fc.nat(1000)])(
    'of one process are those of a case without them',
    (arrivals, seed) => {
      const { processes, ...columns } = drawn({ arrivals, processes: 1 }, seed)
      expect(processes).toBeUndefined()
      expect(columns).toEqual(drawn({ arrivals }, seed))
    },
  )

  test.prop([atRate, processes, fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 1, max: 60_000 })])(
    'begin with their process, and end when it leaves',
    (arrivals, processes, joinEvery, leaveAfter) => {
      const stay = byProcess(drawn({ arrivals, processes, joinEvery }))
      const leave = byProcess(drawn({ arrivals, processes, joinEvery, leaveAfter }))
      for (const [k, own] of stay.entries()) {
        const start = k * joinEvery
        for (const at of own) expect(at).toBeGreaterThanOrEqual(start)
        expect(leave[k]).toEqual(own.filter((at) => at < start + leaveAfter))
      }
    },
  )

  test('are at most 20 million together', () => {
    const arrivals: Arrivals = { kind: 'poisson', perSecond: 1e6, until: 1e9 }
    expect(() => drawn({ arrivals, processes: 1000 })).toThrow('Expected case `plain` to offer at most 20000000 calls')
  }, 60_000)
})
