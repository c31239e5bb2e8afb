import { systemClock } from '../../src/ratelab.ts'
import type { Ground } from '../server/ground.ts'
import { besiege } from '../server/ground.ts'
import { type ClientConnection, openConnection } from '../traffic/connection.ts'
import { readReplies } from '../traffic/http-replies.ts'
import { chatAddress, chatOf, knownKey, requestBytes } from '../traffic/requests.ts'
import type { Attack } from './attack.ts'

/** Of each kind: clients whose headers, and whose bodies, come a byte at a time, clients that read nothing, and clients that say nothing. */
const crowd = { headers: 600, bodies: 200, readers: 100, idle: 2000 }

/** What a server has documented for a request to arrive, and a margin, milliseconds. */
const arrival = 60_000 + 15_000

/** How long a slow client waits between two bytes, milliseconds. */
const trickle = 1000

const head = `POST ${chatAddress} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${knownKey}\r\n`

export const slow: Attack = {
  about: 'thousands of clients whose headers or bodies come a byte at a time, that read nothing or say nothing',
  run: (ground) =>
    besiege(ground, { args: ['--speed', '100x', '--model-limit', 'qwen-plus=none'] }, async ({ port }) => {
      const { isShort, findings } = ground
      const share = isShort ? 0.05 : 1
      const several = (count: number, first: string | Buffer) =>
        Array.from({ length: Math.ceil(count * share) }, () => {
          findings.tried++
          const connection = openConnection(port)
          connection.socket.write(first)
          return connection
        })
      const headers = several(crowd.headers, head)
      const bodies = several(crowd.bodies, `${head}content-length: 100000\r\n\r\n`)
      const readers = several(crowd.readers, requestBytes(chatAddress, chatOf({ stream: true, max_tokens: 30_000 })))
      const idle = several(crowd.idle, '')
      for (const { socket } of readers) socket.pause()
      await feed([...headers, ...bodies], isShort ? 3000 : arrival)
      if (!isShort) expectClosed([...headers, ...bodies], ground)
      for (const { socket } of [...headers, ...bodies, ...readers, ...idle]) socket.destroy()
    }),
}

/** Sends one more byte on each open connection every second, until the time is over. */
async function feed(connections: readonly ClientConnection[], forTime: number): Promise<void> {
  for (let waited = 0; waited < forTime; waited += trickle) {
    await systemClock.sleep(trickle)
    for (const { socket, isClosed } of connections) if (!isClosed()) socket.write('x')
  }
}

/** The server has told every slow client that its request took too long, and has closed the connection. */
function expectClosed(connections: readonly ClientConnection[], { findings }: Ground): void {
  const open = connections.filter(({ isClosed }) => !isClosed()).length
  if (open > 0) findings.problem(`${open} slow requests are still open after ${arrival} ms`)
  for (const { heard } of connections)
    for (const { status } of readReplies(heard()).replies) {
      findings.answered(status)
      if (status !== 408) findings.problem(`a slow request got the status ${status} instead of 408`)
    }
}
