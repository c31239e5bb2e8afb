import type { Reply } from '../src/core/call.ts'
import type { Millis } from '../src/core/clock.ts'
import type { Limit } from '../src/core/limit.ts'
import { exponential, type Random } from '../src/core/random.ts'
import type { GatewaySpec, Verdict } from '../src/core/world.ts'
import type { Arrival, Endpoint } from './endpoint.ts'
import { refused, throttled } from './errors.ts'
import { all } from './limiters/all.ts'
import type { Cost, Limiter } from './limiters/limiter.ts'
import { slidingLog } from './limiters/sliding-log.ts'
import type { Profile } from './profiles/profile.ts'
import type { Timeline } from './virtual-clock.ts'

/** An account of the pool, as the gateway sees it: it knows what it sent there, not the provider's windows. */
interface Channel {
  readonly key: string
  inFlight: number
}

/**
 * A proxy with pooled quota: one endpoint before several accounts, with balancing and failover, a cap for each customer,
 * and outages of its own. Nothing here says that a provider's terms allow such a pool: many forbid it.
 */
export function gateway(
  spec: GatewaySpec,
  keys: readonly string[],
  upstream: Endpoint,
  { profile, timeline, random }: { profile: Profile; timeline: Timeline; random: Random },
): Endpoint {
  const channels: Channel[] = keys.map((key) => ({ key, inFlight: 0 }))
  const isUp = availability(spec.outages, random)
  const capOf = customerCaps(spec.customerLimits ?? [])
  let turn = 0

  function nextChannel(): number {
    const start = turn++ % channels.length
    if (spec.balance === 'round-robin') return start
    let best = start
    for (let step = 1; step < channels.length; step++) {
      const at = (start + step) % channels.length
      if (channels[at]!.inFlight < channels[best]!.inFlight) best = at
    }
    return best
  }

  function answer(arrival: Arrival, reply: Reply, verdict: Verdict): void {
    arrival.decided(timeline.now(), verdict)
    timeline.after(spec.hopDelay, () => arrival.done(reply, 0))
  }

  function accept(arrival: Arrival): void {
    const now = timeline.now()
    if (!isUp(now)) return answer(arrival, refused(profile, 'gateway-down'), 'refused')
    const cap = capOf(arrival.call.target.key)
    const cost: Cost = { requests: 1, tokens: arrival.call.promptTokens }
    const denial = cap?.check(cost, now)
    if (denial) return answer(arrival, throttled(profile, denial.rule), denial.rule)
    cap?.charge(cost, now)
    forward(arrival, nextChannel(), Math.min(spec.failover, channels.length - 1))
  }

  function forward(arrival: Arrival, at: number, failover: number): void {
    const channel = channels[at]!
    const { call } = arrival
    const target = { ...call.target, endpoint: 'dashscope', key: channel.key }
    channel.inFlight++
    upstream({
      call: { ...call, target },
      outputTokens: arrival.outputTokens,
      decided(decidedAt, verdict, decision) {
        const isFinal = failover === 0 || verdict === 'admitted' || verdict === 'refused'
        if (isFinal) arrival.decided(decidedAt, verdict, decision)
      },
      done(reply, money) {
        channel.inFlight--
        if (reply.kind === 'throttled' && failover > 0)
          return forward(arrival, (at + 1) % channels.length, failover - 1)
        // As at the provider, output counts when it is known.
        if (reply.kind === 'ok')
          capOf(call.target.key)?.charge({ requests: 0, tokens: reply.usage.outputTokens }, timeline.now())
        timeline.after(spec.hopDelay, () => arrival.done(reply, money * spec.priceFactor))
      },
    })
  }

  return (arrival) => timeline.after(spec.hopDelay, () => accept(arrival))
}

/** One set of limiters a customer key. */
function customerCaps(limits: readonly Limit[]): (key: string) => Limiter | undefined {
  if (limits.length === 0) return () => undefined
  const caps = new Map<string, Limiter>()
  return (key) => {
    const cap = caps.get(key) ?? all(limits.map(slidingLog))
    caps.set(key, cap)
    return cap
  }
}

/** An on/off renewal process, drawn as far as it is asked about; `now` never goes back. */
function availability(outages: GatewaySpec['outages'], random: Random): (now: Millis) => boolean {
  if (!outages) return () => true
  let up = true
  let until = exponential(outages.meanUp, random)
  return (now) => {
    while (now >= until) {
      up = !up
      until += exponential(up ? outages.meanUp : outages.meanDown, random)
    }
    return up
  }
}
