import type { WireError } from '../../errors/envelope.ts'
import { halfway } from './fault-action.ts'
import { replyHeaders } from './reply-headers.ts'
import type { FailureTerms, ReplyForm, RequestInFlight } from './request-in-flight.ts'

/** An answer that is sent in one piece when the model has finished it. */
export class WholeReply implements ReplyForm {
  readonly #request: RequestInFlight
  /** Empty until the answer is complete. */
  #body = ''

  constructor(request: RequestInFlight) {
    this.#request = request
  }

  /** Nothing is sent before the answer is complete. */
  admitted(): void {}

  finish(outputTokens: number): void {
    const { asked, protocol, output, record } = this.#request.prepared
    const completion = output.completion(record.id, record.decidedAt!, outputTokens)
    this.#body = JSON.stringify(protocol.whole(asked, completion))
  }

  /** The headers may tell what is left of the limits, and so they are written when the answer is charged. */
  complete(): void {
    const request = this.#request
    const { record, breaksAfter } = request.prepared
    const body = this.#body
    const headers = replyHeaders(request.context, record, 200, false)
    const answer = { kind: 'whole', status: 200, headers, body } as const
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
