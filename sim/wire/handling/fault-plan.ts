import type { Millis } from '../../../src/core/clock.ts'
import type { Random } from '../../../src/core/random.ts'
import type { ErrorName } from '../../errors/error-table.ts'
import type { WireSwitches } from '../../switches/wire-switches.ts'

/** One thing that goes wrong, and the requests that it happens to. */
export interface FaultSpec {
  /** The requests that the fault may happen to. Default: every request that reaches a model. */
  readonly match?: FaultMatch
  readonly when: FaultTime
  readonly do: FaultAction
}

/** The conditions of a match. A request matches when it meets all that are given. */
export interface FaultMatch {
  readonly model?: string
  readonly account?: string
  /** The name of a protocol as the journal shows it, such as `compat-chat`. */
  readonly protocol?: string
  readonly path?: string
  readonly stream?: boolean
}

/**
 * Which of the matching requests the fault happens to: all of them, the first n, every nth, or each with a probability between 0 and 1 that
 * is drawn from the seed.
 */
export type FaultTime =
  | 'always'
  | { readonly first: number }
  | { readonly every: number }
  | { readonly probability: number }

/** What happens to a request: a delay, a failure, or a delay and then a failure. `error`, `break` and `capacity` exclude each other. */
export interface FaultAction {
  /** Hold the request for this long, milliseconds, before anything else happens to it. Default: no delay. */
  readonly delay?: Millis
  /** Answer with this error. No limit is asked or charged. */
  readonly error?: ErrorName
  /** Where the error appears in a stream. Default: the value of the switch `errorPlacement`. */
  readonly placement?: WireSwitches['errorPlacement']
  /** What the error looks like in a stream. Default: the value of the switch `errorShape`. */
  readonly shape?: WireSwitches['errorShape']
  /**
   * Break the connection: before the provider decides, or within the body of the answer. A stream that breaks is charged for the tokens that
   * were written, a whole body in full.
   */
  readonly break?: 'before' | 'mid-body'
  /**
   * Where a body breaks. Below 1: after this share of it. From 1 on: after this many frames of a stream; a body without frames breaks
   * halfway. Default: 0.5.
   */
  readonly after?: number
  /** Answer with 503, as a service without free capacity does. The same as the error `serving-unavailable`. */
  readonly capacity?: true
}

/** The properties of a request that a match can name. */
export interface FaultSubject {
  readonly account: string
  readonly protocol: string
  readonly path: string
  readonly model: string
  readonly stream: boolean
}

/** A fault that happens to one request. */
export interface Fault {
  /** The fault in words, as the journal shows it. */
  readonly label: string
  readonly action: FaultAction
}

export interface FaultPlan {
  readonly specs: readonly FaultSpec[]
  /**
   * Returns the fault that happens to this request, or undefined. Called once for each request. Every spec counts the requests that it
   * matches, and the first spec that is due wins.
   */
  next(subject: FaultSubject): Fault | undefined
}

/** A plan that has counted no request yet. Its probabilities are drawn from `random`. */
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

/** Whether the fault happens to the nth request that matches. */
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
