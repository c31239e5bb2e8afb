import type { Call, Reply } from '../../src/core/call.ts'
import type { Millis } from '../../src/core/clock.ts'
import type { Rule } from '../../src/core/limit.ts'
import type { Switches } from '../../src/scenario/switches.ts'
import type { Verdict } from '../../src/scenario/world.ts'
import type { Timeline, TimerTask } from '../time/virtual-clock.ts'
import type { Admission, Decision, Provider } from './provider.ts'
import { readyBy } from './speed.ts'

/** An attempt that arrives at an endpoint, and is told what happens to it. */
export interface IncomingAttempt {
  readonly call: Call
  /** The output tokens that the model would answer with, before `maxTokens` cuts them. */
  readonly outputTokens: number
  /**
   * Called once, when the attempt is decided. `rules`: every rule that denies it; none unless the verdict is a rule. Without a `decision`, a
   * gateway in front of the provider has decided.
   */
  decided(at: Millis, verdict: Verdict, rules: readonly Rule[], decision?: Decision): void
  /** Called once, before the answer is charged, when it has these output tokens. If it throws, nothing is charged. Absent: nothing is to be done. */
  finishing?(outputTokens: number): void
  /** Called once, at the end, with the reply and its price in the currency of the profile, unless `stopped` is called. */
  done(reply: Reply, money: number): void
  /** Called once, at the end, when the attempt ends before its reply: with the output tokens that were written, and their price. */
  stopped(outputTokens: number, money: number): void
}

/** An attempt at an endpoint. */
export interface AttemptAtEndpoint {
  /** Tells the endpoint that the caller is gone. The endpoint stops or finishes the attempt, as the switch `onHangUp` says. */
  hangUp(): void
}

/** Answers attempts: the provider itself, or a gateway in front of it. */
export type Endpoint = (attempt: IncomingAttempt) => AttemptAtEndpoint

/** The wait from which on the provider ignores it, as documented: the longest time that a reply may take (300 s). */
const longestServerWait: Millis = 300_000

const noRules: readonly Rule[] = []

/** What all attempts at a provider share. */
export interface EndpointOptions extends Pick<Switches, 'onHangUp'> {
  readonly provider: Provider
  readonly timeline: Timeline
}

/** The endpoint of the provider itself: it decides on each attempt, waits for its service time, and replies. */
export function directEndpoint(options: EndpointOptions): (attempt: IncomingAttempt) => AttemptAtProvider {
  return (attempt) => new AttemptAtProvider(attempt, options)
}

/** One attempt at the provider, from its arrival to its end. It is its own timer. */
export class AttemptAtProvider implements AttemptAtEndpoint, TimerTask {
  readonly #attempt: IncomingAttempt
  readonly #options: EndpointOptions
  /** The instant at which a wait inside the provider ends. */
  readonly #giveUp: Millis
  #admission: Admission | undefined
  #isOver = false

  constructor(attempt: IncomingAttempt, options: EndpointOptions) {
    this.#attempt = attempt
    this.#options = options
    const asked = attempt.call.serverWait ?? 0
    this.#giveUp = options.timeline.now() + (asked > 0 && asked < longestServerWait ? asked : 0)
    this.#decide()
  }

  /** Rings when a wait inside the provider is over, and when the answer is complete. */
  run(): void {
    if (this.#isOver) return
    const admission = this.#admission
    if (!admission) return this.#decide()
    const { provider, timeline } = this.#options
    this.#isOver = true
    const { model, promptTokens, outputTokens } = admission
    this.#attempt.finishing?.(outputTokens)
    const money = provider.complete(admission, timeline.now())
    this.#attempt.done({ kind: 'ok', usage: { promptTokens, outputTokens }, model, body: undefined }, money)
  }

  /** A request that is stopped before it is decided is not charged. */
  hangUp(): void {
    const { timeline, onHangUp } = this.#options
    // The time is read first, since what is due by now may end the attempt.
    const now = timeline.now()
    if (onHangUp === 'finish' || this.#isOver) return
    const admission = this.#admission
    this.breakOff(admission ? readyBy(now - admission.at, admission.service, admission.outputTokens) : 0)
  }

  /** Ends the attempt after this many output tokens, and charges them. */
  breakOff(outputTokens: number): void {
    const { provider, timeline } = this.#options
    const now = timeline.now()
    if (this.#isOver) return
    this.#isOver = true
    const money = this.#admission ? provider.complete(this.#admission, now, outputTokens) : 0
    this.#attempt.stopped(outputTokens, money)
  }

  #decide(): void {
    const attempt = this.#attempt
    const { call } = attempt
    const { provider, timeline } = this.#options
    const now = timeline.now()
    const decision = provider.admit(call, attempt.outputTokens, now)
    if (decision.kind === 'admitted') {
      this.#admission = decision.admission
      attempt.decided(now, 'admitted', noRules, decision)
      timeline.after(decision.admission.service.total, this)
      return
    }
    if (decision.kind === 'refused') {
      this.#isOver = true
      attempt.decided(now, 'refused', noRules, decision)
      attempt.done(decision.reply, 0)
      return
    }
    // Only requests that the burst guard alone denies wait inside the provider. When their wait is over, they are denied.
    const { denial, rules, reply } = decision
    const isHeld = denial.rule === 'burst' && rules.length === 1
    if (isHeld && now < this.#giveUp) {
      timeline.after(Math.min(denial.retryAfter, this.#giveUp - now), this)
      return
    }
    this.#isOver = true
    provider.reject(call, now)
    attempt.decided(now, denial.rule, rules, decision)
    attempt.done(reply, 0)
  }
}
