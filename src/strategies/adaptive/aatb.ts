import type { Reply, Send } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import type { Random } from '../../core/random.ts'
import type { Env, Inspection, Strategy } from '../../core/strategy.ts'
import { lineName, type WaitingOptions } from '../pacing/line.ts'
import { atbBucket } from './atb.ts'
import { type Controller, controlled } from './controller.ts'
import { type ClientCounts, SharedCounts } from './shared-counts.ts'
import { TokenBucket } from './token-bucket.ts'

/**
 * The steps of the rate after a window without a 429: `first` for a client that sent less than `little` of the mean or is alone, `second` for
 * the others. The paper names them; their values are those of its plain bucket.
 */
const steps = { first: 1.5, second: 1.2, little: 0.75 }

/**
 * The aggregated adaptive token bucket (arXiv 2510.04516): the bucket of `atb` for each client, and counts that all clients share, the
 * "helper" of the paper. A client is a tenant, so calls without one are those of a single client, which is alone; `SharedCounts` says what
 * the counts stand for. After a 429 the rate becomes r ÷ 2 if the client sent less than half of the mean, r ÷ 3 otherwise, and the client
 * waits 60 · (429s + 1) ÷ (server's rate a minute) + U(0, 1) s. After a window without a 429 the rate is multiplied by 1.5 or 1.2. A call
 * is tried until its deadline.
 */
export function aatb(options: WaitingOptions = {}): Strategy {
  return {
    name: `aatb${lineName(options)}`,
    wrap: (next, env) => {
      const counts = new SharedCounts(env.clock.now())
      const sends = new Map<string | undefined, Send>()
      return function aatb(call) {
        const send = sends.get(call.tenant) ?? sendOf(call.tenant)
        sends.set(call.tenant, send)
        return send(call)
      }

      function sendOf(tenant: string | undefined): Send {
        const client = new Client(counts.clientOf(), env.random, env.clock.now())
        const own = tenant === undefined ? '' : ` of ${tenant}`
        const expose: Env['expose'] = (part, read) => env.expose?.(`${part}${own}`, read)
        return controlled('aatb', client, next, { ...env, expose }, options)
      }
    },
  }
}

class Client implements Controller {
  readonly #counts: ClientCounts
  readonly #random: Random
  readonly #bucket: TokenBucket
  #waitsUntil: Millis = -Infinity
  #learnedWindows: number

  constructor(counts: ClientCounts, random: Random, now: Millis) {
    this.#counts = counts
    this.#random = random
    this.#bucket = new TokenBucket(atbBucket.perSecond, atbBucket.size, atbBucket.tokens, now)
    this.#learnedWindows = counts.report(now).windows
  }

  opensAt(now: Millis): Millis {
    this.#learnFromWindows(now)
    return Math.max(this.#bucket.readyAt(now), this.#waitsUntil)
  }

  sent(now: Millis): void {
    this.#counts.sent(now)
    this.#bucket.take(now)
  }

  learn(reply: Reply, _sentAt: Millis, now: Millis): void {
    if (reply.kind === 'ok') this.#counts.answered(now)
    if (reply.kind !== 'throttled') return
    this.#learnFromWindows(now)
    const { sent, mean, throttled, serverPerMinute } = this.#counts.report(now)
    this.#counts.throttled(now)
    this.#fillAt(this.#bucket.perSecond / (sent < mean / 2 ? 2 : 3), now)
    this.#waitsUntil = now + 1000 * ((60 * (throttled + 1)) / serverPerMinute + this.#random.next())
  }

  #learnFromWindows(now: Millis): void {
    const { windows, sent, mean, clients, throttled } = this.#counts.report(now)
    if (windows === this.#learnedWindows) return
    this.#learnedWindows = windows
    if (throttled > 0 || sent === 0) return
    const step = clients === 1 || sent < steps.little * mean ? steps.first : steps.second
    this.#fillAt(this.#bucket.perSecond * step, now)
  }

  #fillAt(perSecond: number, now: Millis): void {
    this.#bucket.fillAt(Math.min(atbBucket.most, Math.max(atbBucket.least, perSecond)), atbBucket.size, now)
  }

  state(): Inspection {
    return { perSecond: this.#bucket.perSecond, waitsUntil: this.#waitsUntil }
  }
}
