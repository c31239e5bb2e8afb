import { errorBody, type WireError } from '../../errors/envelope.ts'
import { errorTable } from '../../errors/error-table.ts'
import { readyAt } from '../../provider/speed.ts'
import type { Headers, StreamedAnswer } from '../exchange.ts'
import type { Frames } from '../protocols/protocol.ts'
import { doneFrame, nativeFrame } from '../protocols/sse.ts'
import type { WireSwitches } from '../wire-switches.ts'
import type { Context } from './context.ts'
import type { PreparedRequest } from './prepared-request.ts'
import { replyHeaders } from './reply-headers.ts'
import { StreamWriter } from './stream-writer.ts'

/** An error within a stream, and what is to happen when it is written. */
export interface MisplacedErrorOptions {
  readonly context: Context
  readonly prepared: PreparedRequest
  readonly error: WireError
  readonly placement: Exclude<WireSwitches['errorPlacement'], 'http'>
  readonly shape: WireSwitches['errorShape']
  /** Called when the stream begins, unless it was stopped before. */
  begun(answer: StreamedAnswer): void
  /** Called when the error is written, unless the stream was stopped before. */
  ended(): void
}

/**
 * Writes an error after a 200 has gone out: alone and at once (`first-frame`), or in mid-stream behind the first frames of the answer,
 * which come at the instants at which the model would have written them.
 */
export function misplacedError(options: MisplacedErrorOptions): StreamWriter {
  const { context, prepared, placement } = options
  const { timeline, switches, provider } = context
  const { protocol, asked, output, record, call } = prepared
  const { frameTokens, errorAfter } = switches
  const tokens = Math.max(1, Math.min(output.wanted, call.maxTokens))
  const service = provider.service(call.id, tokens)
  const frames = protocol.frames(asked, output.completion(record.id, timeline.now(), tokens))
  const tokensBefore = Math.min(tokens, 1 + (errorAfter - 1) * frameTokens)
  const writer = new StreamWriter({ timeline, output, frames, service, tokens, frameTokens, until: tokensBefore })
  const begin = () =>
    options.begun({
      kind: 'stream',
      status: 200,
      headers: streamHeaders(options),
      start: (sink) => writer.start(sink),
    })
  const fail = (after: number) => {
    writer.finish(after, (written) => closingFrames(options, written))
    options.ended()
  }
  if (placement === 'first-frame') {
    begin()
    fail(0)
    return writer
  }
  const unlessStopped = (then: () => void) => () => {
    if (!writer.isOver) then()
  }
  timeline.after(
    service.firstToken,
    unlessStopped(() => {
      writer.run()
      begin()
    }),
  )
  timeline.after(
    readyAt(tokensBefore, service, tokens),
    unlessStopped(() => fail(tokensBefore)),
  )
  return writer
}

/** The one capture of a native stream that has nothing but an error in it has one header more, which marks it as finished. */
function streamHeaders({ context, prepared: { record }, placement }: MisplacedErrorOptions): Headers {
  const headers = replyHeaders(context, record, 200, true)
  const isFinished = placement === 'first-frame' && record.path.startsWith('/api/v1/')
  return isFinished ? { ...headers, 'x-dashscope-finished': 'true' } : headers
}

/** The error as the last frames of a stream. `frames` have written what stands before it. */
function closingFrames({ context, prepared, error, shape }: MisplacedErrorOptions, frames: Frames): string {
  const { switches, profile } = context
  const { protocol, record } = prepared
  const { errorDone, errorId: place, errorLinks: links } = switches
  const { status } = errorTable[error.name]
  const circumstances = { id: { value: record.id, place }, links, isInStream: true }
  const bodyIn = (envelope: typeof protocol.envelope) => errorBody(profile, envelope, error, circumstances)
  const ending = errorDone && protocol.envelope === 'compat' ? doneFrame : ''
  if (shape === 'leaked-native' && protocol.envelope === 'compat')
    return nativeFrame(1, 'error', status, bodyIn('native')) + ending
  if (shape === 'error-finish' && frames.failingAsText)
    return frames.failingAsText(messageOf(bodyIn(protocol.envelope))) + ending
  return frames.failing(bodyIn(protocol.envelope), status) + ending
}

function messageOf(body: object): string {
  return (body as { readonly error: { readonly message: string } }).error.message
}
