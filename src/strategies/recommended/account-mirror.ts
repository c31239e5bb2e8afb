import type { Call, Reply } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import { type Limit, limitsOn, type Unit } from '../../core/limit.ts'
import type { Inspection } from '../../core/strategy.ts'
import type { OnEnd, SendGate } from '../pacing/gate.ts'
import { asSpent, perRequest, reserved, type WayOfCharging } from './charge.ts'
import { Doubt } from './doubt.ts'
import { Growth } from './growth.ts'
import type { FoundLimit } from './limit-finder.ts'
import { OwnTraffic } from './own-traffic.ts'
import type { RoundTrips } from './round-trips.ts'
import { SentAttempt } from './sent-attempt.ts'
import { Spending } from './spending.ts'
import { UnitMirror } from './unit-mirror.ts'

/** The windows that the provider documents, in milliseconds. */
export const documentedWindows: readonly Millis[] = [1, 5, 6, 10, 12, 15, 30, 60].map((seconds) => 1000 * seconds)

/** Another way of counting is taken if it agrees so well with the denials, and the present one no better than this. */
const agrees = 0.9
const disagrees = 0.8

/** The gate of a client that keeps to limits which it learns from denials: it mirrors what the provider counts of one account. */
export class AccountMirror implements SendGate {
  readonly doubt = new Doubt()
  readonly #trips: RoundTrips
  readonly #growth = new Growth()
  readonly #told: readonly Limit[]
  readonly #requests: UnitMirror
  /** The ways in which tokens may be counted, and the one that agrees best with the denials. */
  #ways: readonly UnitMirror[]
  #tokens: UnitMirror
  #units: readonly UnitMirror[]
  /** The attempts of which it is not known whether they were admitted, in the order in which they were sent, and those before `#head`. */
  #unknown: SentAttempt[] = []
  #head = 0
  #unconfirmed = 0

  /** `told`: the limits that are known. `traffic`: what the client has sent before, which counts, too. */
  constructor(told: readonly Limit[], traffic = new OwnTraffic()) {
    this.#trips = traffic.trips
    this.#requests = this.#mirrorOf('requests', perRequest, told, traffic.requests)
    this.#tokens = this.#mirrorOf('tokens', asSpent, told, traffic.tokens)
    this.#ways = [this.#tokens]
    this.#units = [this.#requests, this.#tokens]
    this.#told = told
  }

  /** Keeps to limits that denials have shown from now on, without a slow start. */
  suppose(found: readonly FoundLimit[]): void {
    for (const { unit, window, limit } of found)
      this.#units
        .find((mirror) => mirror.unit === unit)!
        .capOf(window)
        .suppose(limit)
    this.#growth.limited()
  }

  /** Whether the limits do not explain the denials any more: one has turned out lower, by more than this share, or another is looked for. */
  isRefuted(share: number): boolean {
    return this.#units.some((unit) => unit.isSearching || unit.hasFallen(share))
  }

  opensAt(call: Call, now: Millis): Millis {
    this.#confirmSilent(now)
    const growth = this.#growth.readyAt(this.#unconfirmed, now)
    const opens = Math.max(growth, this.#requests.readyAt(call, now), this.#tokens.readyAt(call, now))
    return opens === Infinity ? this.#unknown[this.#head]!.sentAt + this.#trips.silence : opens
  }

  pass(call: Call, now: Millis): OnEnd {
    const attempt = new SentAttempt(now, call)
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
      unexplained: this.doubt.unexplained,
      rejectsAreFree: this.#requests.rejectsAreFree,
      isHeld: this.#growth.isHeld,
      unconfirmed: this.#unconfirmed,
      reservesTokens: this.#tokens !== this.#ways[0],
      limits: [this.#requests, this.#tokens].flatMap(({ unit, caps, isSearching }) =>
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

  #mirrorOf(unit: Unit, charge: WayOfCharging, told: readonly Limit[], spending: Spending, since?: Millis): UnitMirror {
    const own = limitsOn(unit, told)
    const windows = new Set([...documentedWindows, ...own.map(({ window }) => window)])
    const mirror = new UnitMirror(
      unit,
      charge,
      [...windows].sort((a, b) => a - b),
      spending,
      this.#trips,
      this.doubt,
      since,
    )
    for (const { limit, window } of own) {
      const cap = mirror.capOf(window)
      cap.confirm(Math.min(cap.limit, limit))
    }
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
    this.#requests.admit(attempt, now)
    for (const way of this.#ways) {
      if (way === this.#tokens) way.admit(attempt, now)
      else way.lose(attempt)
    }
  }

  #know(attempt: SentAttempt): void {
    if (!attempt.isKnown) this.#unconfirmed--
    attempt.isKnown = true
  }

  #end(attempt: SentAttempt, reply: Reply | undefined, now: Millis): void {
    if (reply?.kind === 'ok') {
      if (!attempt.isKnown) this.#admit(attempt, now)
      for (const way of this.#ways) way.spend(attempt, reply.usage.outputTokens, now)
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
    this.#growth.lose(attempt)
    this.#growth.limited()
    if (!isTokens) {
      for (const way of this.#ways) way.rejectElsewhere(attempt)
      return this.#requests.deny(attempt, retryAfter, now)
    }
    this.#requests.rejectElsewhere(attempt)
    this.#denyTokens(attempt, retryAfter, now)
  }

  /** All ways of counting learn from the denial; the other ones than that of the documentation are not looked at before the first. */
  #denyTokens(attempt: SentAttempt, advice: Millis, now: Millis): void {
    for (const way of this.#ways) if (way !== this.#tokens) way.observe(attempt, now)
    this.#tokens.deny(attempt, advice, now)
    if (this.#ways.length === 1) {
      this.#ways = [
        this.#tokens,
        this.#mirrorOf('tokens', reserved, this.#told, new Spending('tokens', this.#trips), now),
      ]
      this.#units = [this.#requests, ...this.#ways]
    }
    const share = (way: UnitMirror) => way.consistency ?? 0
    const best = this.#ways.reduce((best, way) => (share(way) > share(best) ? way : best))
    if (share(best) < agrees || share(this.#tokens) >= disagrees) return
    this.#tokens = best
    best.takeOver(attempt, now)
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
