import type { Millis } from '../core/clock.ts'
import type { Unit } from '../core/limit.ts'

/** A change of limits during the run. It has either `factor` or `to`. */
export interface LimitChange {
  /** In milliseconds from the run's start. */
  readonly at: Millis
  /** The account's name. */
  readonly account: string
  readonly model: string
  /** Each limit of the model is multiplied by this number, which is above 0. Below 1 the limits fall. */
  readonly factor?: number
  /** Each limit of the model becomes this multiple of what it was at the run's start. Above 0. */
  readonly to?: number
  /** Only the limits on this unit change. Default: all. */
  readonly unit?: Unit
  /** The change happens `times` times, `every` so many milliseconds. Default: once. */
  readonly repeat?: { readonly every: Millis; readonly times: number }
}

/** One change of the limits of an account and a model, when it happens. */
export interface LimitStep {
  readonly at: Millis
  readonly account: string
  readonly model: string
  /** Each limit is multiplied by this number. */
  readonly factor: number
  /** Only the limits on this unit change. Default: all. */
  readonly unit?: Unit
}

/** Returns what happens to the limits, in the order of time. Changes of one instant keep their order. */
export function limitSteps(changes: readonly LimitChange[] = []): readonly LimitStep[] {
  /** What the limits on a unit of an account and a model have been multiplied by so far. */
  const factors = new Map<string, number>()
  return changes
    .flatMap(repetitions)
    .sort((a, b) => a.at - b.at)
    .flatMap(({ at, account, model, factor, to, unit }) => {
      const step = { at, account, model }
      const units: readonly Unit[] = unit ? [unit] : ['requests', 'tokens']
      const taken = units.map((each) => {
        const name = JSON.stringify([account, model, each])
        const before = factors.get(name) ?? 1
        const by = factor ?? to! / before
        factors.set(name, before * by)
        return { ...step, factor: by, unit: each }
      })
      const [first] = taken
      // Both units change alike: one step says so.
      return unit === undefined && taken.every((each) => each.factor === first!.factor)
        ? [{ ...step, factor: first!.factor }]
        : taken
    })
}

function repetitions({ repeat, ...change }: LimitChange): LimitChange[] {
  const { every = 0, times = 1 } = repeat ?? {}
  return Array.from({ length: times }, (_, nth) => ({ ...change, at: change.at + nth * every }))
}
