import type { Millis } from '../../../src/core/clock.ts'
import type { WireError } from '../../errors/envelope.ts'
import type { Admission } from '../../provider/provider.ts'
import { readyAt } from '../../provider/speed.ts'
import { misplacedError } from './misplaced-error.ts'
import { replyHeaders } from './reply-headers.ts'
import type { FailureTerms, ReplyForm, RequestInFlight } from './request-in-flight.ts'
import { StreamWriter } from './stream-writer.ts'

/** An answer that begins when its first token is ready, and is written as its tokens become ready. */
export class StreamedReply implements ReplyForm {
  readonly #request: RequestInFlight
  /** Undefined until the request is admitted, or until it fails with an error within the stream. */
  #writer: StreamWriter | undefined

  constructor(request: RequestInFlight) {
    this.#request = request
  }

  admitted(at: Millis, { service, outputTokens: tokens }: Admission): void {
    const request = this.#request
    const { context, prepared } = request
    const { timeline, switches } = context
    const { record, asked, output, protocol } = prepared
    const { frameTokens } = switches
    const frames = protocol.frames(asked, output.completion(record.id, at, tokens))
    const writer = new StreamWriter({ timeline, output, frames, service, tokens, frameTokens })
    this.#writer = writer
    timeline.after(service.firstToken, () => {
      if (request.hasLeft) return
      writer.run()
      const headers = replyHeaders(context, record, 200, true)
      request.answer({ kind: 'stream', status: 200, headers, start: (sink) => writer.start(sink) })
    })
    if (prepared.breaksAfter !== undefined) this.#breakAfter(prepared.breaksAfter, { service, tokens })
  }

  /** Breaks the connection within the answer: below 1 after this share of the tokens, from 1 on after this many frames. */
  #breakAfter(after: number, { service, tokens }: { service: Admission['service']; tokens: number }): void {
    const request = this.#request
    const { timeline, switches } = request.context
    const wanted = after < 1 ? Math.round(after * tokens) : 1 + (after - 1) * switches.frameTokens
    const written = Math.max(1, Math.min(tokens, wanted))
    timeline.after(readyAt(written, service, tokens), () => {
      if (request.hasLeft) return
      // The request ends first: whoever reads the stream may hang up as soon as it breaks.
      request.breakOff(written)
      this.#writer!.breakOff(written)
    })
  }

  finish(outputTokens: number): void {
    this.#writer!.finish(outputTokens, (frames) => frames.closing())
  }

  complete(): void {
    this.#request.end('answered')
  }

  fail(error: WireError, { retryAfter, placement, shape }: FailureTerms): void {
    const request = this.#request
    const { switches } = request.context
    const errorPlacement = placement ?? switches.errorPlacement
    if (errorPlacement === 'http') return request.answerError(error, retryAfter)
    this.#writer = misplacedError({
      context: request.context,
      prepared: request.prepared,
      error,
      placement: errorPlacement,
      shape: shape ?? switches.errorShape,
      begun: (answer) => request.answer(answer),
      ended: () => request.end('answered'),
    })
  }

  stop(): void {
    this.#writer?.stop()
  }
}
