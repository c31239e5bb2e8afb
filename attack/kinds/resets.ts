import { systemClock } from '../../src/ratelab.ts'
import { besiege } from '../server/ground.ts'
import { openConnection } from '../traffic/connection.ts'
import { readReplies } from '../traffic/http-replies.ts'
import { chatAddress, chatOf, requestBytes } from '../traffic/requests.ts'
import type { Attack } from './attack.ts'

/** How a client leaves: with a reset, with a proper end, by closing its own half, after which it reads on, or when its answer is complete. */
const departures = ['reset', 'end', 'half-close', 'answered'] as const

/** What a client does before it leaves. */
const bodies = {
  whole: chatOf({ max_tokens: 20 }),
  stream: chatOf({ max_tokens: 200, stream: true }),
  large: chatOf({ messages: [{ role: 'user', content: 'x'.repeat(200_000) }] }),
}

const clientsAtOnce = 100

/** What a connection that is half closed may still take, milliseconds. */
const patience = 20_000

export const resets: Attack = {
  about: 'clients that reset, end or half-close their connection at any byte and at any instant of an answer',
  run: (ground) => {
    const { random, findings, isShort } = ground
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)]!

    async function leave(port: number): Promise<void> {
      const bytes = requestBytes(chatAddress, bodies[pick(['whole', 'stream', 'large'] as const)])
      const departure = pick(departures)
      // Half of the requests are complete before their client leaves.
      const sent = random.next() < 0.5 ? bytes : bytes.subarray(0, Math.floor(random.next() * bytes.length))
      const { socket, closed, heard, until } = openConnection(port)
      socket.write(sent)
      findings.tried++
      if (departure === 'answered' && sent === bytes)
        await until((text) => readReplies(text, { isOver: false }).replies.length > 0, patience)
      else await systemClock.sleep(random.next() < 0.3 ? 0 : random.next() * 150)
      if (departure === 'reset') socket.resetAndDestroy()
      else socket.end()
      if (departure === 'half-close' && !(await closed(patience)))
        findings.problem(`a half-closed connection is open ${patience} ms later`)
      socket.destroy()
      const { replies, problem } = readReplies(heard())
      for (const { status } of replies) findings.answered(status)
      if (replies.length === 0) findings.answered('cut')
      if (problem !== undefined) findings.problem(`${departure}: ${problem}`)
    }

    const limits = [{ model: 'qwen-plus', limit: 3000, window: 60_000 }]
    const args = ['--model-limit', 'qwen-plus=rpm:3000', '--speed', '10x', '--set', 'burstGuard=false']
    return besiege(ground, { args, limits }, async ({ port }) => {
      const rounds = isShort ? 4 : 45
      for (let i = 0; i < rounds; i++) await Promise.all(Array.from({ length: clientsAtOnce }, () => leave(port)))
    })
  },
}
