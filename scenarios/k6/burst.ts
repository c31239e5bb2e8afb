import type { Options } from 'k6/options'
import { seeded } from '../../src/core/random.ts'
import { type Strategy, stack } from '../../src/core/strategy.ts'
import { CallSignal } from '../../src/harness/call-signal.ts'
import { articleBackoff } from '../../src/strategies/article/backoff.ts'
import { articleQueue } from '../../src/strategies/article/queue.ts'
import { pace } from '../../src/strategies/pacing/pace.ts'
import { queue } from '../../src/strategies/pacing/queue.ts'
import { retry } from '../../src/strategies/retry/retry.ts'
import { httpSend } from './http-send.ts'
import { k6Clock } from './k6-clock.ts'
import { settings } from './settings.ts'
import { ReplyTally } from './tally.ts'

const { baseUrl, key, model, speed, calls, strategy: chosen } = settings

/** The strategies of `npm run scenario burst` that need one key and one model, with the options they have there. */
const strategies: Readonly<Record<string, Strategy>> = {
  none: stack(),
  'article-backoff': articleBackoff({}),
  'article-queue': articleQueue({ rpm: 600 }),
  queue: queue({ rpm: 600 }),
  'retry-equal': retry({ jitter: 'equal' }),
  'retry-pace': stack(retry({ jitter: 'equal' }), pace({ perSecond: 9.5 })),
}

const strategy = strategies[chosen]
if (!strategy)
  throw new Error(`Expected \`RATELAB_STRATEGY\` to be one of ${Object.keys(strategies).join(', ')}, got "${chosen}"`)

// One virtual user sends all calls at once: a strategy's state is shared by its calls, as in a user's process.
export const options: Options = {
  scenarios: { burst: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '10m' } },
}

/** The laboratory's strategies, unchanged, over k6's HTTP client. */
export default async function burst(): Promise<void> {
  const clock = k6Clock(speed)
  const tally = new ReplyTally(clock, model)
  const send = strategy!.wrap(tally.around(httpSend(baseUrl)), { clock, random: seeded(1) })
  const arrival = clock.now()
  const patience = 600_000
  await Promise.all(
    Array.from({ length: calls }, async (_, id) => {
      const signal = new CallSignal()
      const target = { endpoint: 'dashscope', key, model }
      const payload = `Question ${id}: ${'why is the sky blue? '.repeat(100)}`
      const call = { id, target, promptTokens: 528, maxTokens: 2048, payload, signal, deadline: arrival + patience }
      // A transport fault is a call without an answer.
      tally.settled(arrival, await send(call).catch(() => undefined))
    }),
  )
  tally.report()
}
