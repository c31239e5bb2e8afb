import type { WireError } from '../../errors/envelope.ts'
import { halfway } from './fault-action.ts'
import { replyHeaders } from './reply-headers.ts'
import type { FailureTerms, ReplyForm, RequestInFlight } from './request-in-flight.ts'

/** An answer that is sent in one piece when the model has finished it. */
export class WholeReply implements ReplyForm {
  readonly #request: RequestInFlight

  constructor(request: RequestInFlight) {
    this.#request = request
  }

  /** Nothing is sent before the answer is complete. */
  admitted(): void {}

  complete(outputTokens: number): void {
    const request = this.#request
    const { asked, protocol, output, record, breaksAfter } = request.prepared
    const completion = output.completion(record.id, record.decidedAt!, outputTokens)
    const body = JSON.stringify(protocol.whole(asked, completion))
    const answer = {
      kind: 'whole',
      status: 200,
      headers: replyHeaders(request.context, record, 200, false),
      body,
    } as const
    if (breaksAfter === undefined) {
      request.answer(answer)
      return request.end('answered')
    }
    const share = breaksAfter < 1 ? breaksAfter : halfway
    request.answer({ ...answer, brokenAfter: Math.floor(body.length * share) })
    request.end('broken')
  }

  fail(error: WireError, { retryAfter }: FailureTerms): void {
    this.#request.answerError(error, retryAfter)
  }

  /** Nothing has to be stopped: the request is no longer completed once its client has left. */
  stop(): void {}
}
