import { longestAdvice } from '../../core/advice.ts'
import type { Call, Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import { maximum } from '../../core/extremes.ts'
import type { Limit } from '../../core/limit.ts'
import type { Random } from '../../core/random.ts'
import type { Inspection } from '../../core/strategy.ts'
import type { OnEnd, SendGate } from '../pacing/gate.ts'
import { AccountMirror, documentedWindows } from './account-mirror.ts'
import { LimitFinder } from './limit-finder.ts'
import { OwnTraffic } from './own-traffic.ts'
import { SteeredGate } from './steer.ts'

/** So many denials are compared with admissions before limits are found, and so many more after each time that limits were refuted. */
const denials = { first: 8, more: 4, most: 24 }

/** So long after limits were refuted no others are kept; the time doubles with each time, up to so many times. */
const rest: Millis = 20_000
const doublings = 5

/** Denials are looked at once in so much time. */
const looking: Millis = 1000

/** A limit that has fallen by more than this share is refuted: others use the account, or it was changed. */
const fall = 0.08

/** Limits that let through less than this share of what was admitted before, while they hold calls back, are refuted. */
const worth = 0.6

/** The rate of admissions is that of so much time, or of four windows if that is longer: a test may wait until a window is clear. */
const lately: Millis = 20_000

/** Limits that have held nothing back for so long have met no demand, and what was admitted then says nothing about them. */
const idle: Millis = 1000

/** The least rate at which it begins to share, in attempts a second. */
const leastPerSecond = 0.1

/**
 * The gate of a process that finds out by itself whether it is alone. While it shares (`steer.ts`), it looks whether its own traffic explains the
 * denials (`limit-finder.ts`). Then it keeps to the limits that were found (`account-mirror.ts`), and sends as soon as there is room. When
 * denials refute them, it shares again: others have come, or a limit was changed.
 */
export class FindingGate implements SendGate {
  readonly #traffic = new OwnTraffic()
  readonly #finder = new LimitFinder(this.#traffic, documentedWindows)
  readonly #steered: SteeredGate
  /** Keeps to limits; undefined while it shares. */
  #mirror: AccountMirror | undefined
  /** Whether the mirror finds limits by its own tests, because the process is taken to be alone. Other limits are refuted more easily. */
  #isLearning: boolean
  /** When the one or the other began; while it keeps to limits, when the demand that they hold back began. */
  #since: Millis = -Infinity
  /** Until when limits have held back a call, the last time that they did. */
  #heldUntil: Millis = -Infinity
  /** The rate of admissions before the limits were found, and the time over which it was counted. */
  #before = 0
  #time: Millis = lately
  #refuted = 0
  /** Until when the provider advises to wait. It outlives a change from limits to sharing and back. */
  #notBefore: Millis = -Infinity
  #looked: Millis = -Infinity

  /** `told`: the limits that are known. If there are any, or the process is taken to be alone, it keeps to limits at first. */
  constructor(random: Random, told: readonly Limit[], isAlone: boolean) {
    this.#steered = new SteeredGate(random)
    this.#isLearning = isAlone
    if (isAlone || told.length > 0) this.#mirror = new AccountMirror(told, this.#traffic)
  }

  opensAt(call: Call, now: Millis): Millis {
    return Math.max(this.#notBefore, this.#limitsOpenAt(call, now) ?? this.#steered.opensAt())
  }

  pass(call: Call, now: Millis, planned: Millis): OnEnd {
    const sample = this.#finder.send(call, now)
    if (this.#mirror && now - this.#heldUntil > idle) this.#since = now
    const end = this.#mirror?.pass(call, now) ?? this.#passSharing(call, now, planned)
    return (reply, endedAt) => {
      end(reply, endedAt)
      if (reply?.kind === 'ok') return
      if (reply?.kind !== 'throttled' || reply.cause === 'burst' || reply.cause === 'quota')
        return this.#finder.lose(sample)
      if (reply.retryAfter)
        this.#notBefore = Math.max(this.#notBefore, endedAt + Math.min(reply.retryAfter, longestAdvice))
      this.#finder.deny(sample, reply.cause ? [reply.cause] : ['requests', 'tokens'], endedAt)
      if (!this.#mirror) this.#look(endedAt)
      else if (this.#isLearning ? this.#mirror.doubt.isDeep : this.#mirror.isRefuted(fall)) this.#share(endedAt)
    }
  }

  inspect(): Inspection {
    return { isSharing: !this.#mirror, refuted: this.#refuted, ...(this.#mirror ?? this.#steered).inspect() }
  }

  /** When the limits let the call through; undefined while it shares. */
  #limitsOpenAt(call: Call, now: Millis): Millis | undefined {
    const opens = this.#mirror?.opensAt(call, now)
    if (opens === undefined || opens <= now) return opens
    this.#heldUntil = opens
    if (!this.#isWorthless(now)) return opens
    this.#share(now)
    return undefined
  }

  #passSharing(call: Call, now: Millis, planned: Millis): OnEnd {
    const attempt = this.#traffic.send(call, now)
    const end = this.#steered.pass(call, now, planned)
    return (reply: Reply | undefined, endedAt: Millis) => {
      this.#traffic.end(attempt, reply, endedAt, documentedWindows.at(-1)!)
      end(reply, endedAt)
    }
  }

  #look(now: Millis): void {
    const resting = this.#refuted === 0 ? 0 : rest * 2 ** Math.min(doublings, this.#refuted - 1)
    if (now - this.#looked < looking || now - this.#since < resting) return
    this.#looked = now
    const found = this.#finder.find(Math.min(denials.most, denials.first + denials.more * this.#refuted), this.#since)
    if (found.length === 0) return
    this.#since = now
    this.#time = Math.max(lately, 4 * maximum(found.map(({ window }) => window)))
    this.#before = this.#traffic.perSecond(now, this.#time)
    this.#mirror = new AccountMirror([], this.#traffic)
    this.#mirror.suppose(found)
  }

  #isWorthless(now: Millis): boolean {
    return now - this.#since > this.#time && this.#traffic.perSecond(now, this.#time) < worth * this.#before
  }

  #share(now: Millis): void {
    this.#mirror = undefined
    this.#isLearning = false
    this.#since = now
    this.#refuted++
    this.#steered.restart(Math.max(leastPerSecond, this.#traffic.perSecond(now, lately), worth * this.#before), now)
  }
}
