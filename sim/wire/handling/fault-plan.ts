import type { Millis } from '../../../src/core/clock.ts'
import type { Random } from '../../../src/core/random.ts'
import type { ErrorName } from '../../errors/error-table.ts'
import type { WireSwitches } from '../../switches/wire-switches.ts'

/** What is to go wrong, with which requests. */
export interface FaultSpec {
  /** Absent: every request to a model that is not wrong in itself. */
  readonly match?: FaultMatch
  readonly when: FaultTime
  readonly do: FaultAction
}

/** A request matches when all that is named is true of it. */
export interface FaultMatch {
  readonly model?: string
  readonly account?: string
  /** A protocol's name, as the journal has it. */
  readonly protocol?: string
  readonly path?: string
  readonly stream?: boolean
}

/** Which of the requests that match: all, the first so many, every so many-th, or each with a chance that follows from the seed. */
export type FaultTime =
  | 'always'
  | { readonly first: number }
  | { readonly every: number }
  | { readonly probability: number }

/** What happens to a request: a delay, a failure, or one after the other. `error`, `break` and `capacity` exclude each other. */
export interface FaultAction {
  /** Held for so long before anything else; a request that is not failed then takes its usual course. */
  readonly delay?: Millis
  /** Answered with this error, whatever the limits say, and charged to none. */
  readonly error?: ErrorName
  /** Where the error appears in a stream; absent: where the switch `errorPlacement` says. */
  readonly placement?: WireSwitches['errorPlacement']
  /** What it looks like there; absent: as the switch `errorShape` says. */
  readonly shape?: WireSwitches['errorShape']
  /** The connection breaks: before anything is decided, or within the body of an answer that is charged as far as it was said. */
  readonly break?: 'before' | 'mid-body'
  /**
   * Where a body breaks. Below 1: a share of it. From 1 on: so many frames of a stream; a body that has no frames breaks halfway.
   * Default 0.5.
   */
  readonly after?: number
  /** 503: the service is out of capacity. The same as the error `serving-unavailable`. */
  readonly capacity?: true
}

/** What a plan may look at of a request. */
export interface FaultSubject {
  readonly account: string
  readonly protocol: string
  readonly path: string
  readonly model: string
  readonly stream: boolean
}

/** A fault that befalls one request. */
export interface Fault {
  /** As the journal tells it. */
  readonly label: string
  readonly action: FaultAction
}

export interface FaultPlan {
  readonly specs: readonly FaultSpec[]
  /** Told of each request once. Every spec counts what it matches; the first whose time has come befalls the request. */
  next(subject: FaultSubject): Fault | undefined
}

/** A plan that has seen no request yet; its chances are drawn from `random`. */
export function faultPlan(specs: readonly FaultSpec[], random: Random): FaultPlan {
  const entries = specs.map((spec, index) => {
    const { match = {}, do: action } = spec
    const wanted = Object.entries(match) as [keyof FaultSubject, unknown][]
    const fault: Fault = { label: `faults[${index}]: ${labelOf(spec)}`, action }
    return { wanted, fault, isTime: timing(spec.when, random.fork(String(index))), seen: 0 }
  })
  return {
    specs,
    next(subject) {
      let fault: Fault | undefined
      for (const entry of entries) {
        if (!entry.wanted.every(([name, value]) => subject[name] === value)) continue
        if (entry.isTime(++entry.seen)) fault ??= entry.fault
      }
      return fault
    },
  }
}

/** Whether the nth request that matches is struck. */
function timing(when: FaultTime, random: Random): (nth: number) => boolean {
  if (when === 'always') return () => true
  if ('first' in when) return (nth) => nth <= when.first
  if ('every' in when) return (nth) => nth % when.every === 0
  return (nth) => random.at(nth) < when.probability
}

function labelOf({ when, do: action }: FaultSpec): string {
  const parts = Object.entries(action).map(([name, value]) => `${name} ${value}`)
  const times = when === 'always' ? 'always' : Object.entries(when).map(([name, value]) => `${name} ${value}`)
  return `${parts.join(', ')} (${times})`
}
