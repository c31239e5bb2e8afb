import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../src/ratelab.ts'
import { besiege, type Demands, type Ground } from '../server/ground.ts'
import { before, type ClientConnection, openConnection } from '../traffic/connection.ts'
import { chatAddress, chatOf, knownKey, requestBytes } from '../traffic/requests.ts'
import type { Attack } from './attack.ts'
import { type Input, sendAll } from './send-all.ts'

const mebibyte = 2 ** 20

/** The heap of a small machine. A server that keeps what it need not keep ends here. */
const env = { NODE_OPTIONS: '--max-old-space-size=1024' }

/** The most resident memory that a server may take, bytes. */
const mostMemory = 1200 * mebibyte

export const memory: Attack = {
  about: 'large prompts that are abandoned, large names, large bodies that never end, answers that nobody reads',
  async run(ground) {
    const size = ground.isShort ? 0.5 : 1
    await abandoned(ground, 40 * size)
    await largeNames(ground, 28 * size)
    await endlessBodies(ground, 100 * size)
    await unreadAnswers(ground, 100 * size)
  },
}

function attackMemory(ground: Ground, args: readonly string[], attack: (port: number) => Promise<void>): Promise<void> {
  const demands: Demands = { args: ['--model-limit', 'qwen-plus=none', ...args], env, mostMemory }
  return besiege(ground, demands, ({ port }) => attack(port))
}

/** Requests with prompts of 5 MB, which a fault holds back for a day. Their clients leave at once. */
async function abandoned(ground: Ground, count: number): Promise<void> {
  const config = join(ground.folder, 'delay.json')
  writeFileSync(config, JSON.stringify({ faults: [{ when: 'always', do: { delay: 86_400_000 } }] }))
  const bytes = requestBytes(chatAddress, chatOf({ messages: [{ role: 'user', content: 'x'.repeat(5e6) }] }))
  // Each round abandons as much again: what is not given back adds up.
  await attackMemory(ground, ['--config', config], async (port) => {
    for (let round = 0; round < 3; round++) {
      const connections = await opened(port, count, bytes)
      ground.findings.tried += connections.length
      await systemClock.sleep(1500)
      leave(connections)
    }
  })
}

/** Models, roles and paths of 19 MB, which an error might repeat. */
function largeNames(ground: Ground, count: number): Promise<void> {
  const name = 'n'.repeat(19e6)
  const inputs: Input[] = [
    { what: 'a model of 19 MB', path: chatAddress, bytes: requestBytes(chatAddress, chatOf({ model: name })) },
    {
      what: 'a role of 19 MB',
      path: chatAddress,
      bytes: requestBytes(chatAddress, chatOf({ messages: [{ role: name, content: 'x' }] })),
    },
  ]
  return attackMemory(ground, [], (port) =>
    sendAll(
      Array.from({ length: count }, (_, i) => inputs[i % 2]!),
      { ...ground, port, connections: 4, within: 60_000 },
    ),
  )
}

/** Bodies of 20 MB, all of whose bytes come but the last. */
function endlessBodies(ground: Ground, count: number): Promise<void> {
  const head = `POST ${chatAddress} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${knownKey}\r\ncontent-length: ${20 * mebibyte}\r\n\r\n`
  const bytes = Buffer.concat([Buffer.from(head), Buffer.alloc(20 * mebibyte - 1, 'x')])
  return attackMemory(ground, [], async (port) => {
    const connections = await opened(port, count, bytes)
    ground.findings.tried += connections.length
    await systemClock.sleep(3000)
    leave(connections)
  })
}

/** Streams and answers of 30,000 tokens, of which nobody reads a byte. */
function unreadAnswers(ground: Ground, count: number): Promise<void> {
  const fast = ['--speed', '1000x', '--set', 'tokensPerSecond=1000000', '--set', 'answerTokens=30000']
  const bodies = [true, false].map((stream) => requestBytes(chatAddress, chatOf({ stream, max_tokens: 30_000 })))
  const bytes = Buffer.concat(Array.from({ length: 20 }, (_, i) => bodies[i % 2]!))
  return attackMemory(ground, fast, async (port) => {
    const connections = await opened(port, count, bytes)
    ground.findings.tried += 20 * connections.length
    await systemClock.sleep(5000)
    leave(connections)
  })
}

/** How long bytes may take to leave, milliseconds: a server that is full does not read them. */
const longestSending = 10_000

/** Opens connections that send these bytes and read nothing. Resolves when the bytes have left, or when the server does not take them. */
function opened(port: number, count: number, bytes: Buffer): Promise<readonly ClientConnection[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const connection = openConnection(port)
      connection.socket.pause()
      await before(new Promise((resolve) => connection.socket.write(bytes, resolve)), longestSending)
      return connection
    }),
  )
}

function leave(connections: readonly ClientConnection[]): void {
  for (const { socket } of connections) socket.destroy()
}
