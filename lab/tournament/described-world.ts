import { limitsOn, type Unit } from '../../src/core/limit.ts'
import { decimal, duration, percent, whole } from '../../src/report/figures/figures.ts'
import type { LimitChange } from '../../src/scenario/limit-changes.ts'
import { statedLimits } from '../../src/scenario/limit-text.ts'
import type { Case } from '../../src/scenario/scenario.ts'
import { switchesOf } from '../../src/scenario/switches.ts'
import type { World } from '../../src/scenario/world.ts'
import type { WorldTraffic } from './world-traffic.ts'

/** The parts of a case that a description tells. */
export interface DescribedCase extends Pick<Case, 'lengths' | 'patience' | 'horizon'>, Pick<WorldTraffic, 'arrivals'> {}

/** Says in words what is particular about a world: its calls, its limits, and how its provider behaves. */
export function describedWorld(world: World, chosen: DescribedCase): string {
  return [
    `${arrivalWords(chosen.arrivals)} (${lengthWords(chosen.lengths)})`,
    ...(chosen.patience < chosen.horizon ? [`patience ${duration(chosen.patience)}`] : []),
    limitWordsOf(world),
    ...(world.events ?? []).map(changeWords),
    ...(world.background ?? []).map(({ arrivals }) => `others: ${arrivalWords(arrivals as WorldTraffic['arrivals'])}`),
    ...providerWords(world),
  ].join('; ')
}

function arrivalWords(arrivals: WorldTraffic['arrivals']): string {
  switch (arrivals.kind) {
    case 'at-once':
      return `${whole(arrivals.calls)} calls at once`
    case 'closed':
      return `${whole(arrivals.calls)} calls by ${arrivals.workers} workers, think time ${duration(arrivals.think)}`
    case 'step':
      return `${rate(arrivals.before)}, ${rate(arrivals.after)} from ${duration(arrivals.at)} on`
    case 'flash-crowd':
      return `${rate(arrivals.perSecond)}, a crowd of ${decimal(arrivals.factor)} times as many at ${duration(arrivals.at)}`
    case 'gamma':
      return `${rate(arrivals.perSecond)} in clusters of CV ${decimal(arrivals.cv)}`
    case 'on-off':
      return `${rate(arrivals.perSecond)}, on for ${duration(arrivals.on)} and off for ${duration(arrivals.off)}`
    case 'diurnal':
      return `${rate(arrivals.perSecond)} with waves of ±${percent(arrivals.swing)}`
    case 'poisson':
      return rate(arrivals.perSecond)
  }
}

function rate(perSecond: number): string {
  return `${decimal(perSecond)} calls a second`
}

function lengthWords(lengths: DescribedCase['lengths']): string {
  switch (lengths.kind) {
    case 'fixed':
      return `${whole(lengths.prompt)} and ${whole(lengths.output)} tokens each`
    case 'log-normal':
      return `medians of ${whole(lengths.prompt.median)} and ${whole(lengths.output.median)} tokens`
    case 'shape':
      return `shape ${lengths.shape}`
    default:
      return lengths.kind
  }
}

function limitWordsOf({ limits = [] }: World): string {
  const words = (unit: Unit) =>
    limitsOn(unit, statedLimits(limits)).map(({ limit, window }) => `${whole(limit)} ${unit} in ${duration(window)}`)
  return [...words('requests'), ...words('tokens')].join(', ')
}

function changeWords({ at, to, unit, repeat }: LimitChange): string {
  const again = repeat ? ` and each ${duration(repeat.every)} after that` : ''
  return `${unit ? `limits on ${unit}` : 'all limits'} at ${percent(to!)} from ${duration(at)} on${again}`
}

function providerWords({ switches }: World): string[] {
  const s = switchesOf(switches)
  return [
    `${s.window} windows`,
    `tokens charged by ${s.tokenCharge}${s.tokenCharge === 'reserve' && !s.refund ? ' without refunds' : ''}`,
    ...(s.rejectsCount ? ['rejects count'] : []),
    ...(s.causes === 'hidden' ? ['causes are hidden'] : []),
    ...(s.retryAfter === 'none' ? [] : [`Retry-After is ${s.retryAfter}`]),
    s.burstGuard
      ? `burst guard: ${percent(s.burstFloor)} free, then ${decimal(s.burstGrowth)} times in ${duration(s.burstInterval)}`
      : 'no burst guard',
    `delay ${duration(s.networkDelay)} with spread ${decimal(s.networkSpread)}`,
  ]
}
