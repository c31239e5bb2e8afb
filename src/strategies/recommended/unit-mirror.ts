import { longestAdvice } from '../../core/advice.ts'
import type { Millis } from '../../core/clock.ts'
import type { Unit } from '../../core/limit.ts'
import { Blame } from './blame.ts'
import { Cap } from './cap.ts'
import type { AskedTokens, WayOfCharging } from './charge.ts'
import { Consistency } from './consistency.ts'
import type { Doubt } from './doubt.ts'
import { Explanation } from './explanation.ts'
import { FreeRejects } from './free-rejects.ts'
import { Pad } from './pad.ts'
import type { RoundTrips } from './round-trips.ts'
import type { SentAttempt } from './sent-attempt.ts'
import type { Spending } from './spending.ts'
import { WindowRoom } from './window-room.ts'

/** A window counts as full from this share of its limit on. */
const full = 0.8

/** What is learned of the limits on one unit, and when they have room. */
export class UnitMirror {
  readonly unit: Unit
  readonly caps: readonly Cap[]
  readonly pad: Pad
  readonly #charge: WayOfCharging
  readonly #doubt: Doubt
  /** What was sent before is not in the log. */
  readonly #since: Millis
  readonly #consistency: Consistency
  readonly #spending: Spending
  readonly #blame: Blame
  readonly #rejects: FreeRejects
  readonly #room: WindowRoom
  readonly #explanation: Explanation
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
    doubt: Doubt,
    since: Millis = -Infinity,
  ) {
    this.unit = unit
    this.#charge = charge
    this.#doubt = doubt
    this.#since = since
    this.caps = windows.map((window) => new Cap(unit, window))
    this.pad = new Pad(trips)
    this.#spending = spending
    this.#consistency = new Consistency(windows, this.#spending)
    this.#blame = new Blame(unit, this.caps, this.#spending)
    this.#rejects = new FreeRejects(unit, this.caps, this.#spending, trips)
    this.#room = new WindowRoom(this.caps, this.#spending, trips, this.pad, this.#rejects)
    this.#explanation = new Explanation(unit, this.caps, this.#spending, trips, this.pad)
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

  /** Whether a limit has turned out lower than it was given, by more than this share. */
  hasFallen(share: number): boolean {
    return this.caps.some((cap) => cap.hasFallen(share))
  }

  /** The first instant at which an attempt of this cost has room; `Infinity`: not before something is known of those under way. */
  readyAt(asked: AskedTokens, now: Millis): Millis {
    const ready = this.#blame.isOpen
      ? this.#blame.probeAt(now, this.pad.value)
      : this.#room.readyAt(this.#charge.atSend(asked), now)
    return Math.max(this.#notBefore, ready)
  }

  send(attempt: SentAttempt): void {
    this.#spending.add(attempt.sentAt, this.#charge.atSend(attempt))
    this.#blame.send(attempt)
    this.#rejects.send(attempt)
  }

  /** The reply tells of the output tokens. */
  spend(attempt: SentAttempt, outputTokens: number, now: Millis): void {
    if (attempt.sentAt > this.#since) this.#charge.atEnd(this.#spending, attempt, outputTokens, now)
  }

  admit(attempt: SentAttempt, now: Millis): void {
    this.#rejects.end(attempt, 'admitted')
    for (const cap of this.caps) {
      if (cap.limit === Infinity) continue
      const sum = this.#spending.admitted.sum(attempt.sentAt, cap.window)
      if (sum >= full * cap.limit) this.pad.admitted()
      cap.survive(sum, now, this.#spending.total)
    }
    this.#blame.admit(attempt, this.#charge.atSend(attempt), now)
  }

  /** It is not known, and never will be, whether the attempt was admitted. */
  lose(attempt: SentAttempt): void {
    this.#rejects.end(attempt, 'unknown')
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
    this.#rejects.end(attempt, 'denied')
    this.#blame.lose(attempt)
    this.#notBefore = Math.max(this.#notBefore, now + Math.min(advice, longestAdvice))
    if (sentAt <= this.#lastEvent) return this.#denySameFlight(sentAt, now)
    this.#flight = this.#lastEvent
    this.#lastEvent = now
    this.#explanation.begin()
    if (this.unit === 'tokens') this.#consistency.deny(sentAt, cost, this.#flight)
    const isProbe = this.#blame.isOpen
    const isKnown = this.caps.some(({ limit }) => limit < Infinity)
    const isExplained = this.#isExplained(sentAt, cost, now)
    // The first denial of all cannot be explained.
    if (isKnown || isProbe) this.#doubt.judge(isExplained, isProbe)
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

  /** Whether the caps explain the first denial of a flight. What does not explain it is blamed or sought. */
  #isExplained(sentAt: Millis, cost: number, now: Millis): boolean {
    if (this.#blame.moves(sentAt, cost, now, this.#flight)) return false
    const isExplained = !this.#blame.isOpen && this.#explanation.isKnown(sentAt, cost, now, this.#flight)
    if (isExplained) this.#blame.explained()
    else this.#blame.seek(sentAt, now, this.#flight)
    return isExplained
  }

  #denySameFlight(sentAt: Millis, now: Millis): void {
    if (this.#explanation.isRefuted()) this.#blame.seek(sentAt, now, this.#flight)
    else this.#blame.sameFlight(sentAt, now, this.#flight)
  }
}
