import { systemClock } from '../../src/ratelab.ts'
import type { Findings } from '../server/findings.ts'
import { besiege } from '../server/ground.ts'
import { askerOf } from '../traffic/asker.ts'
import { type ClientConnection, openConnection } from '../traffic/connection.ts'
import { readReplies } from '../traffic/http-replies.ts'
import { requestBytes } from '../traffic/requests.ts'
import type { Attack } from './attack.ts'
import { type RawMessage, rawMessages } from './raw-messages.ts'

/** How many messages are sent at the same time. */
const batch = 20

/** How long a correct request after a batch may take, and how long the replies to the batch may come after its answer, milliseconds. */
const patience = { correct: 20_000, late: 200 }

/** The statuses that Node's own HTTP server, the mock and its control plane may give to such messages. */
const expected = [200, 400, 401, 403, 404, 405, 408, 413, 417, 429, 431, 501, 503, 505]

const correct = requestBytes('/compatible-mode/v1/models', '', [], 'GET')

export const raw: Attack = {
  about: 'malformed, ambiguous and unusual messages: smuggling, chunks, lengths, NULs, other protocols',
  run: (ground) =>
    besiege(ground, { args: ['--speed', '1000x'] }, async ({ port, hasEnded }) => {
      const { findings, isShort } = ground
      const cuts = isShort ? [0, 1] : [0, 1, 2, 7, 20, 50]
      const all = rawMessages.flatMap((message) => cuts.map((cut) => ({ message, cut })))
      for (let i = 0; i < all.length && !hasEnded(); i += batch) {
        const sent = all
          .slice(i, i + batch)
          .map(({ message, cut }) => ({ message, connection: send(port, message, cut) }))
        await expectCorrectAnswer(port, sent.map(({ message }) => message.what).join(', '), findings)
        await systemClock.sleep(patience.late)
        for (const { message, connection } of sent) check(message, connection, findings)
      }
    }),
}

/** Sends a message without its last `cut` characters. */
function send(port: number, { bytes }: RawMessage, cut: number): ClientConnection {
  const connection = openConnection(port)
  connection.socket.write(Buffer.from(bytes.slice(0, bytes.length - cut), 'latin1'))
  return connection
}

/** A server that answers a correct request has also read the messages that came before it. */
async function expectCorrectAnswer(port: number, after: string, findings: Findings): Promise<void> {
  const asker = askerOf(port)
  const outcome = await asker.ask(correct, patience.correct)
  asker.close()
  if (outcome.kind !== 'answered') findings.problem(`a correct request is ${outcome.kind} after ${after}`)
  else if (outcome.answer.status !== 200)
    findings.problem(`status ${outcome.answer.status} for a correct request after ${after}`)
}

/** Checks what has come back, and closes the connection: some messages are incomplete, so that nothing comes. */
function check(
  { what, most = 1, isHead = false }: RawMessage,
  { socket, heard }: ClientConnection,
  findings: Findings,
): void {
  findings.tried++
  socket.destroy()
  const { replies, problem } = readReplies(heard(), { isHead })
  if (problem !== undefined) findings.problem(`${what}: ${problem}`)
  if (replies.length > most) findings.problem(`${what}: ${replies.length} replies, at most ${most} expected`)
  if (replies.length === 0) findings.answered('none')
  for (const { status } of replies) {
    findings.answered(status)
    if (!expected.includes(status)) findings.problem(`${what}: status ${status}`)
  }
}
