import type { Reply } from '../../src/core/call.ts'
import type { Random } from '../../src/core/random.ts'
import type { Profile } from '../../src/scenario/profile.ts'
import type { GatewaySpec, Verdict } from '../../src/scenario/world.ts'
import { refused, throttled } from '../errors/replies.ts'
import type { Cost } from '../limiters/limiter.ts'
import type { Endpoint, IncomingAttempt } from '../provider/endpoint.ts'
import type { Timeline } from '../time/virtual-clock.ts'
import { quotaPool } from './quota-pool.ts'

/**
 * A simulated proxy with pooled quota: one endpoint in front of several accounts, with balancing and failover, a cap for each customer, and
 * outages of its own. `keys`: one key of each account. `upstream`: the endpoint of the provider. Whether a provider's terms allow such a pool is
 * another question: many forbid it.
 */
export function gateway(
  spec: GatewaySpec,
  keys: readonly string[],
  upstream: Endpoint,
  { profile, timeline, random }: { profile: Profile; timeline: Timeline; random: Random },
): Endpoint {
  const pool = quotaPool(spec, keys.length, random)

  function answer(attempt: IncomingAttempt, reply: Reply, verdict: Verdict): void {
    attempt.decided(timeline.now(), verdict)
    timeline.after(spec.hopDelay, () => attempt.done(reply, 0))
  }

  function accept(attempt: IncomingAttempt): void {
    const now = timeline.now()
    if (!pool.isUp(now)) return answer(attempt, refused(profile, 'gateway-down'), 'refused')
    const cap = pool.capOf(attempt.call.target.key)
    const cost: Cost = { requests: 1, tokens: attempt.call.promptTokens }
    const denial = cap?.check(cost, now)
    if (denial) return answer(attempt, throttled(profile, denial.rule), denial.rule)
    cap?.charge(cost, now)
    forward(attempt, pool.route())
  }

  function forward(attempt: IncomingAttempt, [account, ...others]: readonly number[]): void {
    const { call } = attempt
    const target = { ...call.target, endpoint: 'dashscope', key: keys[account!]! }
    pool.enter(account!)
    upstream({
      call: { ...call, target },
      outputTokens: attempt.outputTokens,
      decided(decidedAt, verdict, decision) {
        const isFinal = others.length === 0 || verdict === 'admitted' || verdict === 'refused'
        if (isFinal) attempt.decided(decidedAt, verdict, decision)
      },
      done(reply, money) {
        pool.release(account!)
        if (reply.kind === 'throttled' && others.length > 0) return forward(attempt, others)
        // As at the provider, output tokens are charged when they are known.
        if (reply.kind === 'ok')
          pool.capOf(call.target.key)?.charge({ requests: 0, tokens: reply.usage.outputTokens }, timeline.now())
        timeline.after(spec.hopDelay, () => attempt.done(reply, money * spec.priceFactor))
      },
    })
  }

  return (attempt) => timeline.after(spec.hopDelay, () => accept(attempt))
}
