import type { Millis } from '../core/clock.ts'
import type { Limit, Rule } from '../core/limit.ts'

/** The simulated provider as plain data. A scenario describes it in these words; `src/` and the simulator share nothing else about it. */
export interface World {
  /** The name of the profile, which gives limits, prices and spellings: `article`, `intl` or `cn-beijing`. */
  readonly profile: string
  readonly accounts: readonly AccountSpec[]
  /** Default: there is no gateway. */
  readonly gateways?: readonly GatewaySpec[]
  /** Changes of limits during the run. Default: the limits do not change. */
  readonly events?: readonly LimitChange[]
  /** Each switch that is left out has its default. */
  readonly switches?: Partial<Switches>
}

/** A main account. Each of its limits counts the requests of all its keys together. */
export interface AccountSpec {
  readonly name: string
  readonly keys: readonly string[]
  /** The rest of the free quota of each model, in tokens. Default: 0, no free quota is left. */
  readonly freeTokens?: number
  /** The console's switch "stop when the free quota is used up": requests then get a 403 and are not billed. Default: false. */
  readonly stopWhenFreeIsUsed?: boolean
  /** Whether the account can be billed. If not, requests get 429 "Free allocated quota exceeded." once the free quota is used. Default: true. */
  readonly payable?: boolean
  /** Whether a bill is overdue. Every request of the account then gets 400 Arrearage. Default: false. */
  readonly arrears?: boolean
  /** Default: there is no workspace. */
  readonly workspaces?: readonly WorkspaceSpec[]
}

/**
 * A group of keys with limits of its own, in addition to the account's. Strategies send with the account's keys, so a key that
 * is to be counted here in a run must be named in both lists.
 */
export interface WorkspaceSpec {
  readonly name: string
  readonly keys: readonly string[]
  /** The limits of each model, by the model's name. */
  readonly limits: Readonly<Record<string, readonly Limit[]>>
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

/** A change of limits during the run, as the article's solution 5 asks for. */
export interface LimitChange {
  /** In milliseconds from the run's start. */
  readonly at: Millis
  /** The account's name. */
  readonly account: string
  readonly model: string
  /** Each limit of the model is multiplied by this number, which is at least 1. */
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

/** The decision on an attempt: it was admitted, refused for a reason other than a limit (a bad key, an outage), or denied by this rule. */
export type Verdict = 'admitted' | 'refused' | Rule

/** Receives what the simulator knows about an attempt and no reply shows. The harness writes it into the trace. */
export interface AttemptRecorder {
  /** Called when the provider or the gateway has decided on the attempt. */
  decided(attempt: number, at: Millis, verdict: Verdict): void
  /** Called when the reply is complete, with its price in the profile's currency. */
  billed(attempt: number, money: number): void
  /** Called when the answer has reached a caller who still waits for it. */
  answered(attempt: number): void
}
