import type { WireError } from '../../errors/envelope.ts'
import { replyHeaders } from './reply-headers.ts'
import type { FailureTerms, ReplyForm, RequestInFlight } from './request-in-flight.ts'

/** Where a whole body breaks when the fault counts frames, which it has none of: a share of its characters. */
const defaultBreak = 0.5

/** An answer that goes out in one piece, when the model has finished it. */
export class WholeReply implements ReplyForm {
  readonly #request: RequestInFlight

  constructor(request: RequestInFlight) {
    this.#request = request
  }

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
    const share = breaksAfter < 1 ? breaksAfter : defaultBreak
    request.answer({ ...answer, brokenAfter: Math.floor(body.length * share) })
    request.end('broken')
  }

  fail(error: WireError, { retryAfter }: FailureTerms): void {
    this.#request.answerError(error, retryAfter)
  }

  stop(): void {}
}
