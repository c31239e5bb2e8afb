import type { Millis } from '../core/clock.ts'
import type { Arrivals } from './arrivals.ts'
import type { Lengths } from './lengths.ts'
import type { World } from './world.ts'

/** One question to the laboratory: plain data and generators, so that a file holds it and a worker can load it. */
export interface Scenario {
  /** Lower-case words joined by hyphens; the name of its report's folder. */
  readonly name: string
  readonly title: string
  /** What the numbers shall answer, as a question. */
  readonly question: string
  /** The model that every call asks for. */
  readonly model: string
  readonly world: World
  /** Names from the catalogue, in the order of the table. */
  readonly strategies: readonly string[]
  readonly cases: readonly Case[]
}

/** One workload in one world. A scenario with several cases asks its question of each. */
export interface Case {
  readonly name: string
  /**
   * Figures stand in braces, by the keys of `--set`, so that the title follows what it changes: `{arrivals.calls} calls at once`.
   * `{quota.second}` and `{quota.minute}` are the most calls that one account's quota bears, `{quota.share}` is `arrivals.perSecond` as a share of it.
   */
  readonly title: string
  readonly arrivals: Arrivals
  readonly lengths: Lengths
  /** `max_tokens` of every call. */
  readonly maxTokens: number
  /** How long a caller waits from the intended arrival; `Infinity` for ever. */
  readonly patience: Millis
  /** When the run ends, whatever is pending. */
  readonly horizon: Millis
  /** How long the provider may hold a call that its burst guard denies. Default: not at all; 300 s or longer: the same. */
  readonly serverWait?: Millis
  /** What is different in this case's world. Profile and switches hold for a scenario as a whole: its report states them once. */
  readonly world?: Partial<Pick<World, 'accounts' | 'gateways' | 'events'>>
  /** Only these of the scenario's strategies take part. */
  readonly strategies?: readonly string[]
  /** The name of another case to compare with: the same workload in another world. */
  readonly baseline?: string
}
