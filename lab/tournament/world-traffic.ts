import type { Millis } from '../../src/core/clock.ts'
import type { Random } from '../../src/core/random.ts'
import type { Case } from '../../src/scenario/scenario.ts'
import { drawnItem, drawnScale, rough } from './draws.ts'
import { drawnKind, frequencies } from './frequencies.ts'

const second: Millis = 1000
const shortest: Millis = 120 * second
const longest: Millis = 1800 * second

/** The calls of a world: when they arrive, how long their callers wait, and when the run ends. */
export interface WorldTraffic extends Pick<Case, 'patience' | 'horizon'> {
  readonly arrivals: Exclude<Case['arrivals'], { kind: 'trace' | 'custom' | 'sessions' }>
  /** The time in which calls arrive or, where there is a list of them, in which the limits admit them. */
  readonly busy: Millis
}

/**
 * Draws the calls of a world whose limits leave room for `perSecond` calls a second. Between 300 and 1,500 are aimed at, and they take from two
 * minutes to half an hour, so that there are many full windows and a tournament of 40 worlds still ends.
 */
export function worldTraffic(perSecond: number, random: Random): WorldTraffic {
  const kind = drawnKind(frequencies.arrivals, random)
  const aim = drawnScale(300, 1500, random)
  const load = drawnScale(0.5, 2.5, random)
  const patience = drawnItem([20, 30, 60, 120, 300], random) * second
  if (kind === 'at-once' || kind === 'closed') return listed(kind, aim, perSecond, patience, random)
  const until = within(aim / (load * perSecond))
  const arrivals = openArrivals(kind, rough(load * perSecond), until, random)
  return { arrivals, patience, horizon: until + patience, busy: until }
}

/** Draws a list of calls: all arrive at once and wait for the end, or workers take one after the other. */
function listed(
  kind: 'at-once' | 'closed',
  aim: number,
  perSecond: number,
  patience: Millis,
  random: Random,
): WorldTraffic {
  const busy = within(aim / perSecond)
  const calls = Math.round((busy / second) * perSecond)
  const horizon = 3 * busy
  if (kind === 'at-once') return { arrivals: { kind, calls }, patience: horizon, horizon, busy }
  const seconds = drawnScale(2, 20, random)
  const workers = Math.min(calls, Math.max(2, Math.round(perSecond * seconds)))
  return { arrivals: { kind, workers, calls, think: drawnItem([0, 1000, 5000], random) }, patience, horizon, busy }
}

function openArrivals(
  kind: Exclude<keyof typeof frequencies.arrivals, 'at-once' | 'closed'>,
  perSecond: number,
  until: Millis,
  random: Random,
): WorldTraffic['arrivals'] {
  const part = (share: number) => Math.round(until * share)
  switch (kind) {
    case 'poisson':
      return { kind, perSecond, until }
    case 'gamma':
      return { kind, perSecond, cv: rough(drawnScale(0.5, 4, random)), until }
    case 'on-off': {
      const busyShare = drawnItem([0.25, 0.5], random)
      // There are ten cycles and more, so that no seed leaves a world with hardly any calls.
      const cycle = part(drawnScale(0.02, 0.1, random))
      const on = Math.round(cycle * busyShare)
      return { kind, perSecond: perSecond / busyShare, on, off: cycle - on, until }
    }
    case 'diurnal':
      return { kind, perSecond, swing: drawnItem([0.5, 0.9], random), period: part(0.5), peak: part(0.25), until }
    case 'flash-crowd':
      return {
        kind,
        perSecond: rough(perSecond / 2),
        factor: rough(drawnScale(2, 10, random)),
        at: part(0.3),
        lasts: part(0.1),
        decay: part(0.1),
        until,
      }
    case 'step':
      return { kind, before: rough(perSecond / 2), after: rough(perSecond * 1.5), at: part(0.4), until }
  }
}

/** Returns a time in whole seconds that is neither too short nor too long for a run. */
function within(seconds: number): Millis {
  return Math.min(longest, Math.max(shortest, second * Math.ceil(seconds)))
}
