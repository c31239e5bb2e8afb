import type { Millis } from '../core/clock.ts'
import { type Limit, type Rule, rules } from '../core/limit.ts'
import type { AccountSpec } from './accounts.ts'
import type { Background } from './background.ts'
import type { LimitChange } from './limit-changes.ts'
import type { Profile } from './profile.ts'
import type { Switches } from './switches.ts'

/** The description of a simulated provider, as plain data. It is all that `src/` knows about the simulator. */
export interface World {
  /**
   * The profile, which gives limits, prices and spellings: the name of a built-in one (`article`, `intl` or `cn-beijing`), or a profile
   * itself. In the file of a scenario it can also be the path of a file with a profile, counted from the scenario's folder.
   */
  readonly profile: string | Profile
  readonly accounts: readonly AccountSpec[]
  /** Default: there is no gateway. */
  readonly gateways?: readonly GatewaySpec[]
  /**
   * The limits of the scenario's model, in place of those of the profile: a list, or a text such as `rpm:600,tpm:1000000/60s`. Each part is
   * `rps`, `rpm`, `tps` or `tpm`, or `requests` or `tokens` with a window such as `5h` after a slash; `none` means no limit. A model that
   * the profile lacks is added to it. Default: those of the profile.
   */
  readonly limits?: string | readonly Limit[]
  /** Other users of the accounts. Default: nobody else uses them. */
  readonly background?: readonly Background[]
  /** Changes of limits during the run. Default: the limits do not change. */
  readonly events?: readonly LimitChange[]
  /** Each switch that is left out has its default. */
  readonly switches?: Partial<Switches>
}

/** A proxy with pooled quota: several accounts behind one endpoint. */
export interface GatewaySpec {
  readonly endpoint: string
  /** Names of the accounts in the pool. */
  readonly accounts: readonly string[]
  /** The account that the gateway tries first: the next one in turn, or the one with the fewest requests in flight. */
  readonly balance: 'round-robin' | 'least-busy'
  /** The number of further accounts that the gateway tries after an account has denied the request. */
  readonly failover: number
  /** The gateway's own limits for each customer key, even when the pool could serve more. Default: none. */
  readonly customerLimits?: readonly Limit[]
  /** The delay that the gateway adds to the request, and again to the reply, in milliseconds. */
  readonly hopDelay: Millis
  /** The gateway's price as a share of the provider's. */
  readonly priceFactor: number
  /** The mean lengths of the alternating times in which the gateway works and fails, both exponential. Default: it always works. */
  readonly outages?: { readonly meanUp: Millis; readonly meanDown: Millis }
}

/** The decision on an attempt: it was admitted, refused for a reason other than a limit (a bad key, an outage), or denied by this rule. */
export type Verdict = 'admitted' | 'refused' | Rule

export const verdicts: readonly Verdict[] = ['admitted', 'refused', ...rules]

/** Receives facts about an attempt that no reply shows, such as its price. The harness writes them into the trace. */
export interface AttemptRecorder {
  /** Called when the provider or the gateway has decided on the attempt. `rules`: every rule that denies it, none unless the verdict is a rule. */
  decided(attempt: number, at: Millis, verdict: Verdict, rules: readonly Rule[]): void
  /** Called when the reply is complete, or was stopped, with its price in the profile's currency. */
  billed(attempt: number, money: number): void
  /** Called when the answer has reached a caller who still waits for it. */
  answered(attempt: number): void
}
