import type { Random } from '../../../src/core/random.ts'
import type { FaultAction } from './fault-action.ts'
import type { FaultSpec, FaultTime } from './fault-spec.ts'

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
