import type { Millis } from '../../core/clock.ts'
import { exponential, type Random } from '../../core/random.ts'
import type { Arrivals } from './arrivals.ts'
import { poisson } from './point-processes.ts'

/** One call of a conversation. */
export interface SessionCall {
  readonly at: Millis
  /** The number of the conversation to which it belongs. */
  readonly session: number
}

/** Yields the turns of one session after the other, those of a session in the order of time. */
export function* turnsOf(
  { perSecond, turns, pause, until }: Extract<Arrivals, { kind: 'sessions' }>,
  random: Random,
): Generator<SessionCall> {
  const within = random.fork('turns')
  let session = 0
  for (const start of poisson(perSecond, 0, until, random)) {
    for (let at: Millis = start; at < until; at += Math.ceil(exponential(pause, within))) {
      yield { at, session }
      if (within.next() * turns < 1) break
    }
    session++
  }
}
