import { systemClock } from '../../src/ratelab.ts'
import { besiege, type Ground } from '../server/ground.ts'
import { costlyRequests } from '../traffic/costly-requests.ts'
import { randomSchemaChats } from '../traffic/random-schemas.ts'
import { chatAddress, requestBytes } from '../traffic/requests.ts'
import type { Attack } from './attack.ts'
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
      await sendAll(known(), sending)
      // A server that hangs already would hang again.
      if (ground.findings.problemCount > 0) return
      await sendAll(drawn(ground), { ...sending, connections: 4 })
    }),
}

function* known(): Iterable<Input> {
  for (const { what, path, body } of costlyRequests()) yield { what, path, bytes: requestBytes(path, body) }
}

/** Random requests until the time is over. */
function* drawn({ random, span }: Ground): Iterable<Input> {
  const until = systemClock.now() + span
  for (const body of randomSchemaChats(random)) {
    if (systemClock.now() >= until) return
    yield { what: body.slice(0, 1000), path: chatAddress, bytes: requestBytes(chatAddress, body) }
  }
}
