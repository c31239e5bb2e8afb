import type { Reply } from '../../src/core/call.ts'
import type { Rule } from '../../src/core/limit.ts'
import type { Random } from '../../src/core/random.ts'
import type { Profile } from '../../src/scenario/profile.ts'
import type { GatewaySpec, Verdict } from '../../src/scenario/world.ts'
import { refused, throttled } from '../errors/replies.ts'
import type { Cost } from '../limiters/limiter.ts'
import type { AttemptAtEndpoint, Endpoint, IncomingAttempt } from '../provider/endpoint.ts'
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

  function answer(attempt: IncomingAttempt, reply: Reply, verdict: Verdict, rules: readonly Rule[]): void {
    attempt.decided(timeline.now(), verdict, rules)
    timeline.after(spec.hopDelay, () => attempt.done(reply, 0))
  }

  function accept(attempt: IncomingAttempt, passing: Passing): void {
    const now = timeline.now()
    if (!pool.isUp(now)) return answer(attempt, refused(profile, 'gateway-down'), 'refused', [])
    const cap = pool.capOf(attempt.call.target.key)
    const cost: Cost = { requests: 1, tokens: attempt.call.promptTokens }
    const denial = cap?.check(cost, now)
    if (denial) return answer(attempt, throttled(profile, denial.rule), denial.rule, denial.rules)
    cap?.charge(cost, now)
    forward(attempt, passing, pool.route())
  }

  function forward(attempt: IncomingAttempt, passing: Passing, [account, ...others]: readonly number[]): void {
    const { call } = attempt
    const target = { ...call.target, endpoint: 'dashscope', key: keys[account!]! }
    const charge = (outputTokens: number) =>
      pool.capOf(call.target.key)?.charge({ requests: 0, tokens: outputTokens }, timeline.now())
    pool.enter(account!)
    const nth = ++passing.tries
    const sent = upstream({
      call: { ...call, target },
      outputTokens: attempt.outputTokens,
      decided(decidedAt, verdict, rules, decision) {
        const isFinal = others.length === 0 || verdict === 'admitted' || verdict === 'refused'
        if (isFinal) attempt.decided(decidedAt, verdict, rules, decision)
      },
      done(reply, money) {
        pool.release(account!)
        if (reply.kind === 'throttled' && others.length > 0) return forward(attempt, passing, others)
        // As at the provider, output tokens are charged when they are known.
        if (reply.kind === 'ok') charge(reply.usage.outputTokens)
        timeline.after(spec.hopDelay, () => attempt.done(reply, money * spec.priceFactor))
      },
      stopped(outputTokens, money) {
        pool.release(account!)
        charge(outputTokens)
        attempt.stopped(outputTokens, money * spec.priceFactor)
      },
    })
    // An account that denies at once has been followed by the next one already.
    if (passing.tries === nth) passing.upstream = sent
  }

  return (attempt) => {
    const passing: Passing = { tries: 0, upstream: undefined }
    timeline.after(spec.hopDelay, () => accept(attempt, passing))
    // The word that the caller is gone takes as long as the attempt did, and so never overtakes it.
    return { hangUp: () => timeline.after(spec.hopDelay, () => passing.upstream?.hangUp()) }
  }
}

/** One attempt on its way through a gateway. */
interface Passing {
  /** The number of accounts that were tried. */
  tries: number
  /** The attempt at the provider. Undefined until it is there. */
  upstream: AttemptAtEndpoint | undefined
}
