import type { Findings } from '../server/findings.ts'
import { besiege } from '../server/ground.ts'
import { answerProblem } from '../traffic/answer-check.ts'
import { openConnection } from '../traffic/connection.ts'
import { readReplies } from '../traffic/http-replies.ts'
import { chatAddress, chatOf, requestBytes } from '../traffic/requests.ts'
import type { Attack } from './attack.ts'

/** What resident memory one connection may make the server take, bytes. */
const mostMemory = 700 * 2 ** 20

/** How long all answers may take, milliseconds. */
const patience = 60_000

const args = ['--speed', '1000x', '--model-limit', 'qwen-plus=rpm:1000', '--set', 'burstGuard=false']

export const pipelining: Attack = {
  about: 'tens of thousands of requests on one connection, whose answers are read, read late or not at all',
  run: (ground) => {
    const { findings, isShort } = ground
    const count = isShort ? 5000 : 50_000
    const limits = [{ model: 'qwen-plus', limit: 1000, window: 60_000 }]
    return besiege(ground, { args, limits, mostMemory }, async ({ port }) => {
      await readAll(port, count, chatOf({ max_tokens: 1 }), findings)
      await readAll(port, Math.ceil(count / 10), chatOf({ max_tokens: 50, stream: true }), findings)
      await readNothing(port, count, findings)
    })
  },
}

/** Sends requests at once, and reads their answers, which come in order, until all are there or the server closes the connection. */
async function readAll(port: number, count: number, body: string, findings: Findings): Promise<void> {
  const connection = openConnection(port)
  const { socket, until, heard, isClosed } = connection
  for (let i = 0; i < count; i++)
    socket.write(requestBytes(chatAddress, body, i === count - 1 ? ['connection: close'] : []))
  await until(() => false, patience)
  findings.tried += count
  const { replies, rest, problem } = readReplies(heard())
  for (const answer of replies) {
    findings.answered(answer.status)
    const wrong = answer.body === '' ? undefined : answerProblem(chatAddress, answer)
    if (wrong !== undefined) findings.problem(`pipelined: ${wrong}`)
  }
  if (problem !== undefined) findings.problem(`pipelined: ${problem}`)
  if (rest !== '') findings.problem(`the connection closed within an answer: ${JSON.stringify(rest.slice(0, 200))}`)
  if (!isClosed()) findings.problem(`${replies.length} of ${count} pipelined requests were answered in ${patience} ms`)
  else if (replies.length < count && replies.at(-1)?.headers.connection !== 'close')
    findings.problem(`the connection closed after ${replies.length} of ${count} answers, and none said so`)
  socket.destroy()
}

/** Sends requests and does not read: the server must stop to read, or close the connection. */
async function readNothing(port: number, count: number, findings: Findings): Promise<void> {
  const { socket, closed } = openConnection(port)
  socket.pause()
  const bytes = requestBytes(chatAddress, chatOf({ max_tokens: 2000 }))
  for (let i = 0; i < count; i++) socket.write(bytes)
  await closed(5000)
  findings.tried += count
  findings.answered('cut')
  socket.destroy()
}
