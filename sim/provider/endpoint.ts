import type { Call, Reply } from '../../src/core/call.ts'
import type { Millis } from '../../src/core/clock.ts'
import type { Verdict } from '../../src/scenario/world.ts'
import type { Timeline } from '../time/virtual-clock.ts'
import type { Admission, Decision, Provider } from './provider.ts'

/** An attempt as an endpoint sees it. */
export interface IncomingAttempt {
  readonly call: Call
  /** What the model would answer, before `maxTokens` cuts it. */
  readonly outputTokens: number
  /** Whether the caller is gone: then nothing more is done for it, and it is told nothing more. Absent: it stays. */
  readonly hasLeft?: boolean
  /** Told once: the decision, and its instant. Without a decision, something before the provider has decided. */
  decided(at: Millis, verdict: Verdict, decision?: Decision): void
  /** Told once, last: the reply, and its price. */
  done(reply: Reply, money: number): void
}

/** What answers attempts: the provider itself, or a gateway before it. */
export type Endpoint = (attempt: IncomingAttempt) => void

/** A wait this long or longer is ignored, as documented: it is no shorter than the longest reply (300 s). */
const longestServerWait: Millis = 300_000

/** The provider's own endpoint: decides on attempt, holds the request for its service time, then replies. */
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
    // Only the burst guard's denials wait inside the provider; when the wait runs out the denial stands.
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
