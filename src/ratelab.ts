// The package's public face: the contracts and the strategies. What runs in a laboratory runs in production.
export { type InputCode, InputError } from './checks/input-error.ts'
export type { Call, Cause, Reply, Send, Target, Usage } from './core/call.ts'
export type { AbortListener, Clock, Millis, Signal } from './core/clock.ts'
export { OptionError } from './core/expect.ts'
export type { Limit, Rule, Unit } from './core/limit.ts'
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
export type { Arrivals } from './scenario/arrivals.ts'
export type { Lengths, LogNormal } from './scenario/lengths.ts'
export type { Confidence, ModelRow, PriceTier, Profile } from './scenario/profile.ts'
export type { Case, Scenario } from './scenario/scenario.ts'
export type { SweepPoint } from './scenario/sweep-point.ts'
export type { Switches } from './scenario/switches.ts'
export type { GatewaySpec, LimitChange, World } from './scenario/world.ts'
export type { BackoffOptions, Jitter } from './strategies/retry/jitter.ts'
export * from './strategies.ts'
