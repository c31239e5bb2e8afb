// The public face `ratelab/contracts`: test suites for your own strategies, clocks and limiters, and a rig for further tests of a
// strategy. It needs vitest and fast-check: `npm install --save-dev vitest fast-check`.

export type { Cost, Denial, Limiter, LimitLimiter } from '../sim/limiters/limiter.ts'
export { type ClockRig, clockContract } from './clock.ts'
export { type Charge, type Costing, costIn, totalCharged } from './history.ts'
export { limiterContract, limitLimiterContract } from './limiter.ts'
export type { LimiterModel, LimiterSubject } from './limiter-laws.ts'
export {
  failedReply,
  okReply,
  type ProviderScript,
  slidingWindow,
  throttleAlways,
  throttledReply,
  throttleFirst,
} from './provider-script.ts'
export { strategyContract } from './strategy.ts'
export {
  callsAtOnce,
  exampleCall,
  exampleTarget,
  type RigAttempt,
  type ScheduledCall,
  type Settlement,
  type StrategyRig,
  type StrategyRigOptions,
  strategyRig,
} from './strategy-rig.ts'
export { lateClock, stubRandom } from './stub-env.ts'
