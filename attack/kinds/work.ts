import { systemClock } from '../../src/ratelab.ts'
import { besiege } from '../server/ground.ts'
import type { Attack } from './attack.ts'
import { costlyRequests, randomCostlyRequests } from './costly-requests.ts'
import { type Input, sendAll } from './send-all.ts'

/** No limit denies what the attack sends, and answers come as fast as they are computed. */
const args = [
  ...['--speed', '60x', '--model-limit', 'qwen-plus=none', '--model-limit', 'text-embedding-v4=none'],
  ...['--set', 'firstToken=0', '--set', 'tokensPerSecond=1000000', '--set', 'latencySpread=0'],
]

export const work: Attack = {
  about:
    'small requests with costly answers: lengths and definitions of schemas, stop words, long streams, large inputs',
  run: (ground) =>
    besiege(ground, { args }, async ({ port }) => {
      const sending = { ...ground, port, within: 30_000 }
      await sendAll(costlyRequests(), sending)
      // A server that hangs already would hang again.
      if (ground.findings.problemCount > 0) return
      await sendAll(during(randomCostlyRequests(ground.random), ground.span), { ...sending, connections: 4 })
    }),
}

/** The inputs until this time is over. */
function* during(inputs: Iterable<Input>, span: number): Iterable<Input> {
  const until = systemClock.now() + span
  for (const input of inputs) {
    if (systemClock.now() >= until) return
    yield input
  }
}
