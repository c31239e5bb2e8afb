import type { Millis } from '../core/clock.ts'
import { type Limit, type Rule, rules } from '../core/limit.ts'
import type { AccountSpec } from './accounts.ts'
import type { Switches } from './switches.ts'

/** The simulated outside, as plain data: what a scenario says of the provider, and all that the two sides share. */
export interface World {
  /** Which profile's limits, prices and spellings hold: `article`, `intl` or `cn-beijing`. */
  readonly profile: string
  readonly accounts: readonly AccountSpec[]
  readonly gateways?: readonly GatewaySpec[]
  readonly events?: readonly LimitChange[]
  readonly switches?: Partial<Switches>
}

/** A proxy with pooled quota: several accounts behind one endpoint. */
export interface GatewaySpec {
  readonly endpoint: string
  /** Names of the accounts in the pool. */
  readonly accounts: readonly string[]
  readonly balance: 'round-robin' | 'least-busy'
  /** How many further accounts it tries when one denies. */
  readonly failover: number
  /** Its own cap for each customer key, whatever the pool would bear. Default none. */
  readonly customerLimits?: readonly Limit[]
  /** What the hop adds, each way. */
  readonly hopDelay: Millis
  /** What it charges, as a share of the provider's price. */
  readonly priceFactor: number
  /** Alternating up and down times, both exponential; absent: always up. */
  readonly outages?: { readonly meanUp: Millis; readonly meanDown: Millis }
}

/** The article's solution 5: limits that change while the run goes on. */
export interface LimitChange {
  readonly at: Millis
  readonly account: string
  readonly model: string
  /** What each limit is multiplied by. */
  readonly factor: number
}

/** How an attempt was decided: admitted, refused for another reason than a limit (a bad key, an outage), or the rule that denied it. */
export type Verdict = 'admitted' | 'refused' | Rule

export const verdicts: readonly Verdict[] = ['admitted', 'refused', ...rules]

/** What the simulator tells about an attempt that the wire does not; the harness writes it into the trace. */
export interface AttemptRecorder {
  /** The provider (or the gateway) has decided. */
  decided(attempt: number, at: Millis, verdict: Verdict): void
  /** The reply is complete, and this is its price. */
  billed(attempt: number, money: number): void
  /** The answer has reached a caller who still waits for it. */
  answered(attempt: number): void
}
