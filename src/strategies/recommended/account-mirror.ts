import type { Call, Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import { type Limit, type Unit, unitOf } from '../../core/limit.ts'
import type { Inspection } from '../../core/strategy.ts'
import type { OnEnd, SendGate } from '../pacing/gate.ts'
import { Growth } from './growth.ts'
import { RoundTrips } from './round-trips.ts'
import { SentAttempt } from './sent-attempt.ts'
import { UnitMirror } from './unit-mirror.ts'

/** The windows that the provider documents, in milliseconds. */
const documentedWindows: readonly Millis[] = [1, 5, 6, 10, 12, 15, 30, 60].map((seconds) => 1000 * seconds)

/** The gate of a client that keeps to limits which it learns from denials: it mirrors what the provider counts of one account. */
export class AccountMirror implements SendGate {
  readonly #trips = new RoundTrips()
  readonly #growth = new Growth()
  readonly #requests: UnitMirror
  readonly #tokens: UnitMirror
  readonly #units: readonly UnitMirror[]
  /** The attempts of which it is not known whether they were admitted, in the order in which they were sent, and those before `#head`. */
  #unknown: SentAttempt[] = []
  #head = 0
  #unconfirmed = 0

  constructor(told: readonly Limit[]) {
    this.#requests = this.#mirrorOf('requests', told)
    this.#tokens = this.#mirrorOf('tokens', told)
    this.#units = [this.#requests, this.#tokens]
  }

  opensAt(call: Call, now: Millis): Millis {
    this.#confirmSilent(now)
    const growth = this.#growth.readyAt(this.#unconfirmed, now)
    const opens = Math.max(growth, this.#requests.readyAt(1, now), this.#tokens.readyAt(call.promptTokens, now))
    return opens === Infinity ? this.#unknown[this.#head]!.sentAt + this.#trips.silence : opens
  }

  pass(call: Call, now: Millis): OnEnd {
    const attempt = new SentAttempt(now, call.promptTokens)
    this.#unknown.push(attempt)
    this.#unconfirmed++
    this.#growth.send(attempt)
    for (const unit of this.#units) unit.send(attempt)
    return (reply, endedAt) => this.#end(attempt, reply, endedAt)
  }

  inspect(): Inspection {
    const { pad } = this.#requests
    return {
      pad: pad.value,
      padTokens: this.#tokens.pad.value,
      smear: this.#trips.smear,
      rejectsAreFree: this.#requests.rejectsAreFree,
      isHeld: this.#growth.isHeld,
      unconfirmed: this.#unconfirmed,
      limits: this.#units.flatMap(({ unit, caps, isSearching }) =>
        caps
          .filter(({ limit }) => limit < Infinity)
          .map(({ window, limit, failures, extra, isTesting }) => ({
            unit,
            window,
            limit,
            failures,
            extra,
            isTesting,
            isSearching,
          })),
      ),
    }
  }

  #mirrorOf(unit: Unit, told: readonly Limit[]): UnitMirror {
    const own = told.filter(({ rule }) => unitOf(rule) === unit)
    const windows = new Set([...documentedWindows, ...own.map(({ window }) => window)])
    const mirror = new UnitMirror(
      unit,
      [...windows].sort((a, b) => a - b),
      this.#trips,
    )
    for (const { limit, window } of own) mirror.caps.find((cap) => cap.window === window)!.confirm(limit)
    return mirror
  }

  #confirmSilent(now: Millis): void {
    for (; this.#head < this.#unknown.length; this.#head++) {
      const attempt = this.#unknown[this.#head]!
      if (attempt.isKnown) continue
      if (attempt.sentAt + this.#trips.silence > now) break
      this.#admit(attempt, now)
    }
    if (this.#head < 1000) return
    this.#unknown = this.#unknown.slice(this.#head)
    this.#head = 0
  }

  #admit(attempt: SentAttempt, now: Millis): void {
    this.#know(attempt)
    this.#growth.admit(attempt)
    for (const unit of this.#units) unit.admit(attempt, now)
  }

  #know(attempt: SentAttempt): void {
    if (!attempt.isKnown) this.#unconfirmed--
    attempt.isKnown = true
  }

  #end(attempt: SentAttempt, reply: Reply | undefined, now: Millis): void {
    if (reply?.kind === 'ok') {
      if (!attempt.isKnown) this.#admit(attempt, now)
      this.#tokens.spend(now, reply.usage.outputTokens)
    } else if (reply?.kind === 'throttled' && reply.cause !== 'quota') this.#deny(attempt, reply, now)
    else this.#lose(attempt)
    for (const unit of this.#units) unit.forget(now)
  }

  #deny(attempt: SentAttempt, { cause, retryAfter = 0 }: Extract<Reply, { kind: 'throttled' }>, now: Millis): void {
    this.#know(attempt)
    this.#trips.add(now - attempt.sentAt)
    if (cause === 'burst') {
      for (const unit of this.#units) unit.rejectElsewhere(attempt)
      this.#growth.guarded(attempt, now)
      return
    }
    const isTokens = cause === 'tokens' || (!cause && this.#isFullerOfTokens(attempt.sentAt))
    const [unit, other] = isTokens ? [this.#tokens, this.#requests] : [this.#requests, this.#tokens]
    other.rejectElsewhere(attempt)
    this.#growth.lose(attempt)
    this.#growth.limited()
    unit.deny(attempt, retryAfter, now)
  }

  /** A cause that is not told is taken to be the unit whose fullest cap was fuller. */
  #isFullerOfTokens(at: Millis): boolean {
    return this.#tokens.fullness(at) > this.#requests.fullness(at)
  }

  /** It is not known, and never will be, whether the attempt was admitted. */
  #lose(attempt: SentAttempt): void {
    this.#know(attempt)
    this.#growth.lose(attempt)
    for (const unit of this.#units) unit.lose(attempt)
  }
}
