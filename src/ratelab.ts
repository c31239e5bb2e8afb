// The package's public face: the contracts and the strategies. What runs in a laboratory runs in production.
export { type InputCode, InputError } from './checks/input-error.ts'
export type { Call, Cause, Reply, Send, Target, Usage } from './core/call.ts'
export type { AbortListener, Clock, Millis, Signal } from './core/clock.ts'
export { OptionError } from './core/expect.ts'
export type { Limit, PlanRule, Rule, Unit } from './core/limit.ts'
export { ambientRandom, type Random, seeded } from './core/random.ts'
export { type Env, type Inspection, type Strategy, stack } from './core/strategy.ts'
export { systemClock } from './core/system-clock.ts'
export type { FetchInput } from './fetch/call-request.ts'
export type {
  AttemptEvent,
  CallEvent,
  Ending,
  EventSubject,
  FetchListeners,
  ReplyFacts,
  WaitEvent,
} from './fetch/events.ts'
export {
  type CallFacts,
  type FetchInspection,
  type StrategyFetch,
  type ToFetchOptions,
  toFetch,
} from './fetch.ts'
export type { AccountSpec, WorkspaceSpec } from './scenario/accounts.ts'
export type { Arrivals, PlainArrivals } from './scenario/arrivals/arrivals.ts'
export type { Background } from './scenario/background.ts'
export type { DrawnLengths, Lengths } from './scenario/lengths/lengths.ts'
export type { LogNormal } from './scenario/lengths/log-normal.ts'
export type { Quantiles } from './scenario/lengths/quantiles.ts'
export type { LengthShape } from './scenario/lengths/shapes.ts'
export type { LimitChange } from './scenario/limit-changes.ts'
export type { Confidence, ModelRow, PriceTier, Profile } from './scenario/profile.ts'
export type { Case, Scenario } from './scenario/scenario.ts'
export type { SweepPoint } from './scenario/sweep-point.ts'
export type { Switches } from './scenario/switches.ts'
export type { Tenant, TenantArrivals } from './scenario/tenants.ts'
export type { GatewaySpec, World } from './scenario/world.ts'
export type { AimdRateOptions } from './strategies/adaptive/aimd-rate.ts'
export type { GatedLineOptions } from './strategies/pacing/gated-line.ts'
export type { WaitingOptions } from './strategies/pacing/line.ts'
export type { SteerOptions } from './strategies/recommended/steer.ts'
export type { BackoffOptions, Jitter } from './strategies/retry/jitter.ts'
export type { KeyChoice } from './strategies/targets/quota-rotation.ts'
export * from './strategies.ts'
