import type { Mock, WireRequest } from '../../sim/ratelab-mock.ts'
import type { HeardAnswer } from './answer-check.ts'

/** Sends a request to a mock in this process and reads the answer to its end. Resolves with undefined when the connection breaks before an answer. */
export async function askMock(mock: Mock, request: WireRequest): Promise<HeardAnswer | undefined> {
  const answer = await mock.handle(request).answer
  if (answer.kind === 'hang-up') return undefined
  const { status, headers } = answer
  if (answer.kind === 'whole') {
    const { body, brokenAfter } = answer
    return { status, headers, body: body.slice(0, brokenAfter), isBroken: brokenAfter !== undefined }
  }
  return new Promise((resolve) => {
    const pieces: string[] = []
    const over = (isBroken: boolean) => () => {
      mock.timeline.woke()
      resolve({ status, headers, body: pieces.join(''), isBroken })
    }
    answer.start({ write: (text) => void pieces.push(text), end: over(false), break: over(true) })
  })
}
