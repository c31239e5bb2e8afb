import type { Random } from '../../../src/core/random.ts'
import type { FaultAction } from './fault-action.ts'
import type { FaultSpec, FaultTime } from './fault-spec.ts'

/** What a fault plan knows about a request. */
export interface FaultSubject {
  readonly account: string
  readonly protocol: string
  readonly path: string
  readonly model: string
  readonly stream: boolean
}

/** A fault that strikes one request. */
export interface Fault {
  /** The text that the journal has for this fault. */
  readonly label: string
  readonly action: FaultAction
}

export interface FaultPlan {
  readonly specs: readonly FaultSpec[]
  /**
   * Is called once for each request. Every spec counts the requests that it matches; the first spec whose time has come
   * strikes the request.
   */
  next(subject: FaultSubject): Fault | undefined
}

/** A plan that has seen no request yet. It draws its probabilities from `random`. */
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

/** Tells whether the nth request that matches is struck. */
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
