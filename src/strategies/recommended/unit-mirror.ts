import { longestAdvice } from '../../core/advice.ts'
import type { Millis } from '../../core/clock.ts'
import type { Unit } from '../../core/limit.ts'
import { Blame } from './blame.ts'
import { Cap } from './cap.ts'
import type { AskedTokens, WayOfCharging } from './charge.ts'
import { Consistency } from './consistency.ts'
import { Pad } from './pad.ts'
import { RejectTest } from './reject-test.ts'
import type { RoundTrips } from './round-trips.ts'
import type { SentAttempt } from './sent-attempt.ts'
import type { Spending } from './spending.ts'

/** A window counts as full from this share of its limit on. */
const full = 0.8

/** What a test may ask of the shorter windows, as a share of the most that they have borne. */
const precedented = 0.75

/** So many denials at least are most of a clump, or all of it if it is smaller. */
const leastClump = 3

/** A denial concerns a cap if its window lacked at most this share of the limit, or one and a half requests. */
const near = 0.05

/** By how much rejected requests may exceed a limit while they are taken to be free, as a share of it, and one at least. */
const freeShare = 0.1

/** A test begins only if the window was as full half a window ago: a bucket that had time to fill would admit more than its limit. */
const before = { windows: 1.5, limits: 1.35 }

/** What is learned of the limits on one unit, and when they have room. */
export class UnitMirror {
  readonly unit: Unit
  readonly caps: readonly Cap[]
  readonly pad: Pad
  readonly #trips: RoundTrips
  readonly #charge: WayOfCharging
  /** What was sent before is not in the log. */
  readonly #since: Millis
  readonly #consistency: Consistency
  readonly #spending: Spending
  readonly #blame: Blame
  readonly #rejects = new RejectTest()
  /** The cap whose full window was taken to explain the first denial of the last flight, and the number of denials in this flight. */
  #struck: Cap | undefined
  #denials = 0
  /** When the last denial was dealt with. What was sent before belongs to the same flight. */
  #lastEvent: Millis = -Infinity
  /** The same of the denial before it. */
  #flight: Millis = -Infinity
  #notBefore: Millis = -Infinity

  /** `windows`: in ascending order. */
  constructor(
    unit: Unit,
    charge: WayOfCharging,
    windows: readonly Millis[],
    spending: Spending,
    trips: RoundTrips,
    since: Millis = -Infinity,
  ) {
    this.unit = unit
    this.#charge = charge
    this.#since = since
    this.caps = windows.map((window) => new Cap(unit, window))
    this.pad = new Pad(trips)
    this.#trips = trips
    this.#spending = spending
    this.#consistency = new Consistency(windows, this.#spending)
    this.#blame = new Blame(unit, this.caps, this.#spending)
  }

  get rejectsAreFree(): boolean {
    return this.#rejects.areFree
  }

  /** How well this way of counting agrees with the provider's, from 0 to 1; undefined before there were enough denials. */
  get consistency(): number | undefined {
    return this.#consistency.share
  }

  get isSearching(): boolean {
    return this.#blame.isOpen
  }

  capOf(window: Millis): Cap {
    return this.caps.find((cap) => cap.window === window)!
  }

  /** Whether a limit has turned out lower, by more than this share. */
  hasFallen(share: number): boolean {
    return this.caps.some((cap) => cap.hasFallen(share))
  }

  /** The first instant at which an attempt of this cost has room; `Infinity`: not before something is known of those under way. */
  readyAt(asked: AskedTokens, now: Millis): Millis {
    const cost = this.#charge.atSend(asked)
    if (this.#blame.isOpen) return Math.max(this.#notBefore, this.#blame.probeAt(now, this.pad.value))
    let ready = Math.max(now, this.#notBefore)
    for (const cap of this.caps) if (cap.limit < Infinity) ready = Math.max(ready, this.#readyAt(cap, cost, now))
    return ready
  }

  send(attempt: SentAttempt): void {
    const { sentAt } = attempt
    this.#spending.add(sentAt, this.#charge.atSend(attempt))
    this.#blame.send(attempt)
    if (this.#mayTestRejects() && this.#needsFreeRejects(sentAt)) this.#rejects.send(attempt)
  }

  /** The reply tells of the output tokens. */
  spend(attempt: SentAttempt, outputTokens: number, now: Millis): void {
    if (attempt.sentAt > this.#since) this.#charge.atEnd(this.#spending, attempt, outputTokens, now)
  }

  admit(attempt: SentAttempt, now: Millis): void {
    this.#endTestOfRejects(attempt, 'admitted')
    for (const cap of this.caps) {
      if (cap.limit === Infinity) continue
      const sum = this.#spending.admitted.sum(attempt.sentAt, cap.window)
      if (sum >= full * cap.limit) this.pad.admitted()
      cap.survive(sum, attempt.sentAt, now, this.#spending.total)
    }
    this.#blame.admit(attempt, this.#charge.atSend(attempt), now)
  }

  /** It is not known, and never will be, whether the attempt was admitted. */
  lose(attempt: SentAttempt): void {
    this.#endTestOfRejects(attempt, 'unknown')
    this.#blame.lose(attempt)
  }

  /** Something else has denied the attempt: it took nothing of this unit, as far as it is known. */
  rejectElsewhere(attempt: SentAttempt): void {
    if (attempt.sentAt > this.#since) this.#spending.reject(attempt.sentAt, this.#charge.atSend(attempt))
    this.lose(attempt)
  }

  /** A limit on this unit has denied the attempt. `advice`: how long the provider advises to wait. */
  deny(attempt: SentAttempt, advice: Millis, now: Millis): void {
    const { sentAt } = attempt
    if (sentAt <= this.#since) return
    const cost = this.#charge.atSend(attempt)
    this.#spending.reject(sentAt, cost)
    this.#endTestOfRejects(attempt, 'denied')
    this.#blame.lose(attempt)
    this.#notBefore = Math.max(this.#notBefore, now + Math.min(advice, longestAdvice))
    if (sentAt <= this.#lastEvent) return this.#denySameFlight(sentAt, now)
    this.#flight = this.#lastEvent
    this.#lastEvent = now
    this.#struck = undefined
    this.#denials = 1
    if (this.unit === 'tokens') this.#consistency.deny(sentAt, cost, this.#flight)
    if (this.#blame.moves(sentAt, cost, now, this.#flight)) return
    if (!this.#blame.isOpen && this.#isExplained(sentAt, cost, now)) this.#blame.explained()
    else this.#blame.seek(sentAt, now, this.#flight)
  }

  /** Another way of counting has dealt with a denial, and this one is compared with it. */
  observe(attempt: SentAttempt, now: Millis): void {
    this.lose(attempt)
    if (attempt.sentAt <= this.#since) return
    const cost = this.#charge.atSend(attempt)
    this.#spending.reject(attempt.sentAt, cost)
    if (attempt.sentAt <= this.#lastEvent) return
    this.#consistency.deny(attempt.sentAt, cost, this.#lastEvent)
    this.#lastEvent = now
  }

  /** Counts in place of another way from this denial on, and begins with a search, since its caps were not in use. */
  takeOver({ sentAt }: SentAttempt, now: Millis): void {
    this.#blame.seek(sentAt, now, this.#flight)
  }

  /** Forgets what no window asks for any more. */
  forget(now: Millis): void {
    this.#spending.forget(now, this.caps.at(-1)!.window)
  }

  /** How full the fullest cap was around this instant, as a share; 0 if no cap is known. */
  fullness(at: Millis): number {
    return this.caps.reduce((most, cap) => Math.max(most, this.#spending.admitted.sum(at, cap.window) / cap.limit), 0)
  }

  #readyAt(cap: Cap, cost: number, now: Millis): Millis {
    const spent = this.#spending.total
    const distance = 2 * this.#trips.smear
    cap.expire(now, distance, spent)
    let at = this.#roomAt(cap, cost)
    if (at <= now) return at
    if (!cap.isTesting && this.#mayOmitRejects(cap)) {
      const free = this.#roomAt(cap, cost, this.#spending.admitted)
      at = Math.max(free, this.#roomAt(cap, cost - Math.max(1, freeShare * cap.limit)))
      if (at <= now) return at
    }
    const { counted } = this.#spending
    if (!cap.isTesting && counted.sum(now, before.windows * cap.window) >= before.limits * cap.limit) {
      cap.test(now, distance, spent)
      if (cap.extra > 0) cap.precedents = this.#precedents(cap, now)
      if (cap.isTesting) at = this.#roomAt(cap, cost)
    }
    if (cap.extra > 0 && counted.sum(now, cap.window) + cost > cap.limit)
      return Math.min(this.#roomAt(cap, cost + cap.extra), Math.max(at, this.#precedentedAt(cap, cost, now)))
    return at
  }

  /** When there is room in a window. A cost above the limit goes when the window is empty. */
  #roomAt(cap: Cap, cost: number, log = this.#spending.counted): Millis {
    const excess = cap.isWaiting(this.#spending.total) ? log.total : log.total + cost - cap.allowed
    return (
      log.reached(Math.min(log.total, excess)) + cap.window + (cap.isTesting ? 2 * this.#trips.smear : this.pad.value)
    )
  }

  /** The most that was admitted in each shorter window during the last two windows of this cap. */
  #precedents({ window }: Cap, now: Millis): readonly number[] {
    const shorter = this.caps.filter((cap) => cap.window < window)
    return shorter.map((cap) => this.#spending.busiest(cap.window, now, 2 * window))
  }

  /** When one more attempt asks little of the shorter windows: only then does a denial concern the window that is tested. */
  #precedentedAt({ precedents }: Cap, cost: number, now: Millis): Millis {
    const log = this.#spending.counted
    const distance = 2 * this.#trips.smear
    let at = now
    precedents.forEach((most, k) => {
      const { window } = this.caps[k]!
      const since = now - window - distance
      const excess = log.sum(now, now - since) + cost - precedented * most
      if (excess > 0 && most >= cost) at = Math.max(at, log.reached(log.through(since) + excess) + window + distance)
    })
    return at
  }

  /** The delays of the network may explain some denials of a clump, but not those of most of it. */
  #denySameFlight(sentAt: Millis, now: Millis): void {
    this.#denials++
    const struck = this.#struck
    const most = struck && struck.limit * Math.min(0.5, 0.1 + (2 * this.#trips.smear) / struck.window)
    if (!struck || this.#denials < Math.max(2, Math.min(leastClump, struck.limit), most!))
      return this.#blame.sameFlight(sentAt, now, this.#flight)
    this.#struck = undefined
    this.#blame.seek(sentAt, now, this.#flight)
  }

  /** Whether a known cap explains the denial. The one with the shortest window learns from it. */
  #isExplained(sentAt: Millis, cost: number, now: Millis): boolean {
    for (const cap of this.caps) {
      if (cap.limit === Infinity) continue
      const sum = this.#spending.possibly(cap.window, sentAt, this.#flight)
      const slack = this.unit === 'requests' ? 0 : cost
      const isNear = sum >= cap.limit - slack - Math.max(1.5, near * cap.limit)
      if (sum >= cap.allowed - slack || (isNear && !cap.isTesting)) {
        this.pad.denied()
        cap.strike(now)
        this.#struck = cap
      } else if (isNear) cap.lower(sum, now, this.#spending.total)
      else continue
      return true
    }
    return false
  }

  /** Whether an attempt may be sent for which there is room only if rejects are free. */
  #mayOmitRejects(cap: Cap): boolean {
    return this.#rejects.areFree || (cap.failures > 0 && this.#mayTestRejects())
  }

  #mayTestRejects(): boolean {
    return this.unit === 'requests' && this.#rejects.isOpen
  }

  /** Whether what was sent until now fits into some window only if rejects are free. */
  #needsFreeRejects(sentAt: Millis): boolean {
    const distance = 2 * this.#trips.smear
    return this.caps.some(
      ({ limit, failures, isTesting, window }) =>
        failures > 0 && !isTesting && this.#spending.counted.sum(sentAt, window - distance) > limit,
    )
  }

  #endTestOfRejects(attempt: SentAttempt, outcome: 'admitted' | 'denied' | 'unknown'): void {
    this.#rejects.end(attempt, outcome)
    this.#spending.takeRejectsAs(this.#rejects.areFree)
  }
}
