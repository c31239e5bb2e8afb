import type { Millis } from '../core/clock.ts'
import { type Limit, type Rule, rules } from '../core/limit.ts'
import type { AccountSpec } from './accounts.ts'
import type { Switches } from './switches.ts'

/** The simulated provider and the gateways before it, as plain data: what a scenario says about them. */
export interface World {
  /** The profile whose limits, prices and spellings hold: `article`, `intl` or `cn-beijing`. */
  readonly profile: string
  readonly accounts: readonly AccountSpec[]
  readonly gateways?: readonly GatewaySpec[]
  /** Limits that change during the run. Default: none. */
  readonly events?: readonly LimitChange[]
  /** The switches that differ from their defaults. */
  readonly switches?: Partial<Switches>
}

/** A gateway with pooled quota: several accounts behind one endpoint. */
export interface GatewaySpec {
  /** The address that clients call. */
  readonly endpoint: string
  /** Names of the accounts in the pool. */
  readonly accounts: readonly string[]
  /** How the gateway chooses an account: each in turn, or the one with the fewest requests under way. */
  readonly balance: 'round-robin' | 'least-busy'
  /** How many further accounts the gateway tries when one denies a request. */
  readonly failover: number
  /** The gateway's own limits for each customer key, on top of those of the pool. Default: none. */
  readonly customerLimits?: readonly Limit[]
  /** The delay that the gateway adds, each way, in milliseconds. */
  readonly hopDelay: Millis
  /** What the gateway charges, as a share of the provider's price. */
  readonly priceFactor: number
  /** Means of the alternating up and down times, in milliseconds; both times are exponential. Default: the gateway is always up. */
  readonly outages?: { readonly meanUp: Millis; readonly meanDown: Millis }
}

/** A change of the limits of one account and model during the run: the article's solution 5. */
export interface LimitChange {
  /** When the limits change, in milliseconds from the start of the run. */
  readonly at: Millis
  readonly account: string
  readonly model: string
  /** The factor by which each limit is multiplied. */
  readonly factor: number
}

/** How an attempt was decided: it was admitted, it was refused for another reason than a limit (a bad key, an outage), or this rule denied it. */
export type Verdict = 'admitted' | 'refused' | Rule

export const verdicts: readonly Verdict[] = ['admitted', 'refused', ...rules]

/** Is told by the simulator what the wire does not reveal about an attempt. The harness writes it into the trace. */
export interface AttemptRecorder {
  /** The provider or the gateway has decided the attempt. */
  decided(attempt: number, at: Millis, verdict: Verdict): void
  /** The reply is complete. `money` is its price, in the profile's currency. */
  billed(attempt: number, money: number): void
  /** The reply has reached a caller who was still waiting for it. */
  answered(attempt: number): void
}
