import type { Call, Reply } from '../../src/core/call.ts'
import type { Millis } from '../../src/core/clock.ts'
import type { Verdict } from '../../src/scenario/world.ts'
import type { Timeline } from '../time/virtual-clock.ts'
import type { Admission, Decision, Provider } from './provider.ts'

/** An attempt that arrives at an endpoint, and is told what happens to it. */
export interface IncomingAttempt {
  readonly call: Call
  /** The output tokens that the model would answer with, before `maxTokens` cuts them. */
  readonly outputTokens: number
  /** Whether the caller is gone. The endpoint then does nothing more for the attempt, and calls neither function. Default: false. */
  readonly hasLeft?: boolean
  /** Called once, when the attempt is decided. Without a `decision`, a gateway in front of the provider has decided. */
  decided(at: Millis, verdict: Verdict, decision?: Decision): void
  /** Called once, at the end, with the reply and its price in the currency of the profile. */
  done(reply: Reply, money: number): void
}

/** Answers attempts: the provider itself, or a gateway in front of it. */
export type Endpoint = (attempt: IncomingAttempt) => void

/** The wait from which on the provider ignores it, as documented: the longest time that a reply may take (300 s). */
const longestServerWait: Millis = 300_000

/** The endpoint of the provider itself: it decides on each attempt, waits for its service time, and replies. */
export function directEndpoint(provider: Provider, timeline: Timeline): Endpoint {
  function decide(attempt: IncomingAttempt, giveUp: Millis): void {
    if (attempt.hasLeft) return
    const { call } = attempt
    const now = timeline.now()
    const decision = provider.admit(call, attempt.outputTokens, now)
    if (decision.kind === 'admitted') {
      attempt.decided(now, 'admitted', decision)
      serve(attempt, decision.admission)
      return
    }
    if (decision.kind === 'refused') {
      attempt.decided(now, 'refused', decision)
      attempt.done(decision.reply, 0)
      return
    }
    // Only requests that the burst guard denies wait inside the provider. When their wait is over, they are denied.
    const { denial, reply } = decision
    if (denial.rule === 'burst' && now < giveUp) {
      timeline.after(Math.min(denial.retryAfter, giveUp - now), () => decide(attempt, giveUp))
      return
    }
    provider.reject(call, now)
    attempt.decided(now, denial.rule, decision)
    attempt.done(reply, 0)
  }

  function serve(attempt: IncomingAttempt, admission: Admission): void {
    timeline.after(admission.service.total, () => {
      if (attempt.hasLeft) return
      const money = provider.complete(admission, timeline.now())
      const { model, promptTokens, outputTokens } = admission
      attempt.done({ kind: 'ok', usage: { promptTokens, outputTokens }, model, body: undefined }, money)
    })
  }

  return (attempt) => {
    const asked = attempt.call.serverWait ?? 0
    decide(attempt, timeline.now() + (asked > 0 && asked < longestServerWait ? asked : 0))
  }
}
