import type { Millis } from '../core/clock.ts'
import type { Limit, Rule } from '../core/limit.ts'

/** The simulated outside, as plain data: what a scenario says of the provider, and all that the two sides share. */
export interface World {
  /** Which profile's limits, prices and spellings hold: `article`, `intl` or `cn-beijing`. */
  readonly profile: string
  readonly accounts: readonly AccountSpec[]
  readonly gateways?: readonly GatewaySpec[]
  readonly events?: readonly LimitChange[]
  readonly switches?: Partial<Switches>
}

/** A main account. Limits are summed over all its keys. */
export interface AccountSpec {
  readonly name: string
  readonly keys: readonly string[]
  /** What is left of the free quota of each model, in tokens. Default 0: used up. */
  readonly freeTokens?: number
  /** The console's "stop when the free quota is used up": then 403 instead of a bill. Default off. */
  readonly stopWhenFreeIsUsed?: boolean
  /** Whether the account can be billed at all; if not, 429 "Free allocated quota exceeded." once the free quota is used. Default true. */
  readonly payable?: boolean
  /** Overdue: 400 Arrearage for everything. Default false. */
  readonly arrears?: boolean
  readonly workspaces?: readonly WorkspaceSpec[]
}

/** Keys that share a limit of their own below the account's. Strategies send with the account's keys: one that is named there too is counted here. */
export interface WorkspaceSpec {
  readonly name: string
  readonly keys: readonly string[]
  /** By model. */
  readonly limits: Readonly<Record<string, readonly Limit[]>>
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

/** Behaviours of the provider that are not established, or that a client cannot know. Defaults and labels: `sim/switches.ts`. */
export interface Switches {
  readonly window: 'sliding' | 'fixed' | 'bucket'
  /** Whether a rejected attempt counts against the request limits. */
  readonly rejectsCount: boolean
  /**
   * When tokens count: `split` prompt at admission and output on completion, `admission` both at admission,
   * `reserve` prompt and `max_tokens` at admission, `completion` both on completion.
   */
  readonly tokenCharge: 'split' | 'admission' | 'reserve' | 'completion'
  /** What a 429 advises: nothing, the exact wait, or half of it. */
  readonly retryAfter: 'none' | 'exact' | 'wrong'
  readonly burstGuard: boolean
  /** Length of the guard's intervals. */
  readonly burstInterval: Millis
  /** How much an interval may exceed the busiest remembered one, as a factor. */
  readonly burstGrowth: number
  /** What an interval may always carry, as a share of the tightest limit over that interval. */
  readonly burstFloor: number
  /** How far back the guard remembers. */
  readonly burstMemory: Millis
  /** Median time to the first token. */
  readonly firstToken: Millis
  /** Median output speed. */
  readonly tokensPerSecond: number
  /** Spread of both, as the standard deviation of the logarithm. */
  readonly latencySpread: number
  /** Median network delay, each way. */
  readonly networkDelay: Millis
  /** Spread of the network delay, as the standard deviation of the logarithm; 0 for none. */
  readonly networkSpread: number
}

/** How an attempt was decided: admitted, refused for another reason than a limit (a bad key, an outage), or the rule that denied it. */
export type Verdict = 'admitted' | 'refused' | Rule

/** What the simulator tells about an attempt that the wire does not; the harness writes it into the trace. */
export interface AttemptRecorder {
  /** The provider (or the gateway) has decided. */
  decided(attempt: number, at: Millis, verdict: Verdict): void
  /** The reply is complete, and this is its price. */
  billed(attempt: number, money: number): void
  /** The answer has reached a caller who still waits for it. */
  answered(attempt: number): void
}
