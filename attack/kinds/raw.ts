import type { Findings } from '../server/findings.ts'
import { besiege } from '../server/ground.ts'
import { openConnection } from '../traffic/connection.ts'
import { readReplies } from '../traffic/http-replies.ts'
import type { Attack } from './attack.ts'
import { type RawMessage, rawMessages } from './raw-messages.ts'

/** How long a message may go without a reply before its client leaves: some messages are incomplete, so that none comes. */
const patience = 500

/** How many messages are sent at the same time. */
const batch = 40

/** The statuses that Node's own HTTP server and the mock may give to such messages. */
const expected = [200, 400, 401, 404, 405, 408, 413, 417, 429, 431, 501, 503, 505]

export const raw: Attack = {
  about: 'malformed, ambiguous and unusual messages: smuggling, chunks, lengths, NULs, other protocols',
  run: (ground) =>
    besiege(ground, { args: ['--speed', '1000x'] }, async ({ port, hasEnded }) => {
      const cuts = ground.isShort ? [0, 1] : [0, 1, 2, 7, 20, 50]
      const all = rawMessages.flatMap((message) => cuts.map((cut) => ({ message, cut })))
      for (let i = 0; i < all.length && !hasEnded(); i += batch)
        await Promise.all(all.slice(i, i + batch).map(({ message, cut }) => send(port, message, cut, ground.findings)))
    }),
}

/** Sends a message without its last `cut` characters, and checks what comes back. */
async function send(
  port: number,
  { what, bytes, most = 1, isHead = false }: RawMessage,
  cut: number,
  findings: Findings,
) {
  findings.tried++
  const connection = openConnection(port)
  connection.socket.write(Buffer.from(bytes.slice(0, bytes.length - cut), 'latin1'))
  const tooMany = (heard: string) => readReplies(heard, { isHead, isOver: false }).replies.length > most
  await connection.until(tooMany, patience)
  connection.socket.destroy()
  const { replies, problem } = readReplies(connection.heard(), { isHead })
  if (problem !== undefined) findings.problem(`${what}: ${problem}`)
  if (replies.length > most) findings.problem(`${what}: ${replies.length} replies, at most ${most} expected`)
  if (replies.length === 0) findings.answered('none')
  for (const { status } of replies) {
    findings.answered(status)
    if (!expected.includes(status)) findings.problem(`${what}: status ${status}`)
  }
}
