// The package's public face: the contracts and the strategies. What runs in a laboratory runs in production.

export { type InputCode, InputError } from './checks/input-error.ts'
export type { Call, Cause, Reply, Send, Target, Usage } from './core/call.ts'
export type { Clock, Millis, Signal } from './core/clock.ts'
export { OptionError } from './core/expect.ts'
export { ambientRandom, type Random, seeded } from './core/random.ts'
export { type Env, type Strategy, stack } from './core/strategy.ts'
export { systemClock } from './core/system-clock.ts'
export type { Arrivals } from './scenario/arrivals.ts'
export type { Lengths } from './scenario/lengths.ts'
export type { Case, Scenario } from './scenario/scenario.ts'
export * from './strategies/strategies.ts'
