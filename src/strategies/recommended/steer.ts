import type { Call, Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import type { Random } from '../../core/random.ts'
import type { Inspection, Strategy } from '../../core/strategy.ts'
import type { OnEnd, SendGate } from '../pacing/gate.ts'
import { type GatedLineOptions, gatedLine, gatedLineName } from '../pacing/gated-line.ts'
import { Rhythm } from './rhythm.ts'
import { SharedRate } from './shared-rate.ts'
import { untilAdmitted } from './until-admitted.ts'

/** The options of `steer`. */
export type SteerOptions = GatedLineOptions

/** Each interval is longer or shorter by up to this share, by chance, so that processes do not fall into step. */
const jitter = 0.15

/** A send is moved by at most so much to keep the rhythm, and by at most half an interval. */
const mostMove: Millis = 60

/** How long nothing is sent after a denial by the burst guard. */
const standstill: Millis = 700

/** The longest advice of a Retry-After that is followed. */
const mostAdvice: Millis = 120_000

/**
 * For processes that use one account and do not talk: it finds a rate at which all get the same share (`shared-rate.ts`), knows no limits,
 * and sends in a rhythm that is denied seldom (`rhythm.ts`). What is denied goes again, before what has not been sent yet. A process
 * that is alone loses some 15 % of the quota to the probing that others would need. Throws an `OptionError` for a wrong option.
 */
export function steer(options: SteerOptions = {}): Strategy {
  return {
    name: `steer${gatedLineName(options)}`,
    wrap: (next, env) => {
      const gate = new SteeredGate(env.random)
      env.expose?.('steer', () => gate.inspect())
      return untilAdmitted(gatedLine(next, env, gate, options), env.clock)
    },
  }
}

/** The gate of `steer`. */
export class SteeredGate implements SendGate {
  readonly #random: Random
  readonly #rate = new SharedRate()
  readonly #rhythm = new Rhythm()
  /** When the next attempt would go by the rate alone, and when it goes. */
  #wanted: Millis = -Infinity
  #opens: Millis = -Infinity

  constructor(random: Random) {
    this.#random = random
  }

  opensAt(): Millis {
    return this.#opens
  }

  pass(_call: Call, now: Millis): OnEnd {
    this.#rate.send(now)
    this.#rhythm.send(now)
    const { interval } = this.#rate
    // A move for the rhythm does not change the average rate; a time in which nothing was sent is not made up for.
    const from = now - this.#wanted > interval / 2 ? now : this.#wanted
    this.#wanted = from + interval * (1 + jitter * (2 * this.#random.next() - 1))
    this.#opens = this.#rhythm.near(this.#wanted, Math.min(mostMove, interval / 2))
    return (reply, endedAt) => this.#end(now, reply, endedAt)
  }

  /** Goes on from a rate that has been borne, in attempts a second. */
  restart(perSecond: number, now: Millis): void {
    this.#rate.restart(perSecond)
    this.#wanted = now
    this.#opens = now
  }

  inspect(): Inspection {
    return { perSecond: this.#rate.perSecond, opensAt: this.#opens }
  }

  #end(sentAt: Millis, reply: Reply | undefined, now: Millis): void {
    if (reply?.kind !== 'throttled' || reply.cause === 'quota') return
    this.#rhythm.deny(sentAt)
    this.#rate.deny(sentAt, now)
    const wait = Math.min(reply.retryAfter ?? 0, mostAdvice)
    this.#opens = Math.max(this.#opens, now + (reply.cause === 'burst' ? Math.max(wait, standstill) : wait))
  }
}
