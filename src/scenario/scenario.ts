import type { Millis } from '../core/clock.ts'
import type { Strategy } from '../core/strategy.ts'
import type { Arrivals } from './arrivals/arrivals.ts'
import type { Lengths } from './lengths/lengths.ts'
import type { SweepPoint } from './sweep-point.ts'
import type { Tenant } from './tenants.ts'
import type { World } from './world.ts'

/** One question to the laboratory. It is plain data and generators, so that a file can hold it and a worker can load it. */
export interface Scenario {
  /** Lower-case words joined by hyphens. It is also the name of the report's folder. */
  readonly name: string
  /** The heading of the report. */
  readonly title: string
  /** The question that the report answers. */
  readonly question: string
  /** The model that every call asks for. */
  readonly model: string
  readonly world: World
  /**
   * The strategies, at least one and none twice. Each is a name from the catalogue, also with options, such as
   * `retry-full:attempts=5`; the path of a plug-in, counted from the scenario's file; or a strategy itself.
   */
  readonly strategies: readonly (string | OwnStrategy)[]
  /**
   * Bounds that a run must keep, such as `retry-pace.success>=99%`: `ratelab run` ends with exit code 4 when one is crossed. They are
   * written as `--threshold` takes them. Default: none.
   */
  readonly thresholds?: readonly string[]
  /** At least one case; no two cases have the same name. */
  readonly cases: readonly Case[]
  /** The path of the recorded trace that is replayed when none is given, counted from the scenario's file. Default: one must be given. */
  readonly trace?: string
}

/** A strategy that is not from the catalogue, with what a report states about it. Every `Strategy` is an `OwnStrategy`. */
export interface OwnStrategy extends Strategy {
  /** One line for reports that says what the strategy does. Default: `A strategy that is not from the catalogue.` */
  readonly about?: string
  /** The accounts whose quota the strategy uses. Its optimum is that of their quotas together. Default: the world's first account. */
  readonly accounts?: readonly string[]
  /** The models whose quota the strategy uses. Default: the model of the scenario. */
  readonly models?: readonly string[]
  /** Whether the strategy also sends to Batch Chat. Its optimum is then that of a provider without limits. Default: it does not. */
  readonly beyondLimits?: boolean
}

/** The parts of a world that a case can replace. */
export const caseWorldParts = ['accounts', 'gateways', 'events', 'limits', 'background'] as const

/** One workload in one world. A scenario with several cases is answered for each of them. */
export interface Case {
  /** Lower-case words joined by hyphens. */
  readonly name: string
  /**
   * The heading of the case. A key of `--set` in braces is replaced by its value, so that the title stays true when `--set`
   * changes the value: `{arrivals.calls} calls at once`. `{quota.second}` and `{quota.minute}` are the greatest numbers of calls
   * of mean length that one account may make in a second and in a minute; `{quota.share}` is the load of `arrivals.perSecond` as a
   * share of the account's limit that it fills most, and `{quota.unit}` what that limit counts: `requests` or `tokens`.
   */
  readonly title: string
  readonly arrivals: Arrivals
  readonly lengths: Lengths
  /**
   * The customers on whose behalf the calls are made, at most 1,000. The case's arrivals are divided among those who have a `share`; a tenant
   * with `arrivals` makes these as well. Default: the calls have no tenant.
   */
  readonly tenants?: readonly Tenant[]
  /** `max_tokens` of every call, from 1 to 10,000,000. */
  readonly maxTokens: number
  /** How long a caller waits, in milliseconds from the intended arrival. `Infinity`: the caller waits until the run ends. */
  readonly patience: Millis
  /**
   * The instant at which the run ends, even if calls are pending. In milliseconds from the start; at most 180 days. In a case that replays
   * arrivals `Infinity` means the end of the trace: its last arrival, and the patience. Calls that arrive later are not offered there.
   */
  readonly horizon: Millis
  /** How long the provider may hold a call that its burst guard denies, in milliseconds. The provider ignores 300,000 and more. Default: 0. */
  readonly serverWait?: Millis
  /**
   * How many processes share the calls, on one account: each has an instance of the strategy, and they do not talk. Of arrivals with a
   * rate each process has its part of the rate, and a stream of its own; other arrivals are dealt to them in turn. From 1 to 1,000.
   * Default: 1.
   */
  readonly processes?: number
  /**
   * How long after the process before it each process starts, in milliseconds. The arrivals of a process count from its start. Not with
   * the arrivals of a trace. Default: all start with the run.
   */
  readonly joinEvery?: Millis
  /**
   * How long after its start a process takes new calls, in milliseconds; it finishes those that it has. Not with the arrivals of a trace.
   * Default: it never leaves.
   */
  readonly leaveAfter?: Millis
  /** The parts that replace those of the scenario's world. Profile and switches cannot be replaced, because a report states them once. */
  readonly world?: Partial<Pick<World, (typeof caseWorldParts)[number]>>
  /** The scenario's strategies that take part in this case. Default: all of them. */
  readonly strategies?: readonly (string | OwnStrategy)[]
  /** The name of the case to compare with, which has the same workload in another world. Default: there is no comparison. */
  readonly baseline?: string
  /** The point of a sweep that the case is (`--sweep`): its workload is that of another case, at another load. Default: it is none. */
  readonly sweep?: SweepPoint
}
