import { type Millis, systemClock } from '../../src/ratelab.ts'
import type { HeardAnswer } from './answer-check.ts'
import { type ClientConnection, openConnection } from './connection.ts'
import { readReplies } from './http-replies.ts'

/** How one request over a socket went. */
export type AskOutcome =
  | { readonly kind: 'answered'; readonly answer: HeardAnswer; readonly took: Millis }
  /** The connection broke before the answer was complete. */
  | { readonly kind: 'cut' }
  /** No complete answer came in time. */
  | { readonly kind: 'late' }
  /** The answer is no HTTP. */
  | { readonly kind: 'malformed'; readonly problem: string }

/** A client that sends one request after the other over a connection that it keeps while the server does. */
export interface Asker {
  ask(bytes: Buffer, within: Millis): Promise<AskOutcome>
  close(): void
}

/** The answers beyond this number of characters are read when they look complete. */
const longAnswer = 100_000

export function askerOf(port: number): Asker {
  let connection: ClientConnection | undefined
  const drop = () => {
    connection?.socket.destroy()
    connection = undefined
  }
  return {
    async ask(bytes, within) {
      if (connection?.isClosed()) connection = undefined
      connection ??= openConnection(port)
      const { socket, heard, until, isClosed, forget } = connection
      const asked = systemClock.now()
      const isHead = bytes.subarray(0, 5).toString() === 'HEAD '
      let read = readReplies('')
      socket.write(bytes)
      await until((text) => {
        // Every answer ends with its JSON or with its last chunk, so that a long one is not read again for every piece of it.
        if (text.length > longAnswer && !/(?:[}\]]|\r\n\r\n)$/.test(text.slice(-4))) return false
        read = readReplies(text, { isHead, isOver: false })
        return read.replies.length > 0 || read.problem !== undefined
      }, within)
      read = readReplies(heard(), { isHead, isOver: isClosed() })
      const [answer] = read.replies
      const isKept = answer !== undefined && answer.headers.connection !== 'close' && read.rest === ''
      const isLate = !isClosed()
      if (isKept) forget()
      else drop()
      if (read.problem !== undefined) return { kind: 'malformed', problem: read.problem }
      if (answer) return { kind: 'answered', answer, took: systemClock.now() - asked }
      return { kind: isLate ? 'late' : 'cut' }
    },
    close: drop,
  }
}
