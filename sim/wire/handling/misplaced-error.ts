import { errorBody, type WireError } from '../../errors/envelope.ts'
import { errorTable } from '../../errors/error-table.ts'
import type { Headers, StreamedAnswer } from '../exchange.ts'
import { readyAt } from '../model/speed.ts'
import type { Frames } from '../protocols/protocol.ts'
import { doneFrame, nativeFrame } from '../protocols/sse.ts'
import type { Context } from './context.ts'
import type { PreparedRequest } from './prepared-request.ts'
import { replyHeaders } from './reply-headers.ts'
import { StreamWriter } from './stream-writer.ts'

/** What is told of a stream that fails: each once, in this order. Neither, if it was silenced before. */
export interface MisplacedErrorEvents {
  begun(answer: StreamedAnswer): void
  ended(): void
}

/**
 * An error that comes after a 200 has gone out, where `errorPlacement` says and in the shape that `errorShape` says: alone and at once,
 * or in mid-stream after what the model would have said by then, at the instants at which it would have said it.
 */
export function misplacedError(
  context: Context,
  prepared: PreparedRequest,
  error: WireError,
  told: MisplacedErrorEvents,
): StreamWriter {
  const { timeline, switches, provider } = context
  const { protocol, asked, output, record, call } = prepared
  const { errorPlacement, frameTokens, errorAfter } = switches
  const tokens = Math.max(1, Math.min(output.wanted, call.maxTokens))
  const service = provider.service(call.id, tokens)
  const frames = protocol.frames(asked, output.completion(record.id, timeline.now(), tokens))
  const said = Math.min(tokens, 1 + (errorAfter - 1) * frameTokens)
  const writer = new StreamWriter({ timeline, output, frames, service, tokens, frameTokens, until: said })
  const begin = () =>
    told.begun({
      kind: 'stream',
      status: 200,
      headers: streamHeaders(context, prepared),
      start: (sink) => writer.start(sink),
    })
  const fail = (after: number) => {
    writer.finish(after, (spoken) => closingFrames(context, prepared, error, spoken))
    told.ended()
  }
  if (errorPlacement === 'first-frame') {
    begin()
    fail(0)
    return writer
  }
  const unlessSilenced = (then: () => void) => () => {
    if (!writer.isOver) then()
  }
  timeline.after(
    service.firstToken,
    unlessSilenced(() => {
      writer.run()
      begin()
    }),
  )
  timeline.after(
    readyAt(said, service, tokens),
    unlessSilenced(() => fail(said)),
  )
  return writer
}

/** The one capture of a native stream that is nothing but an error says that it is finished. */
function streamHeaders(context: Context, { record }: PreparedRequest): Headers {
  const headers = replyHeaders(context, record, 200, true)
  const isFinished = context.switches.errorPlacement === 'first-frame' && record.path.startsWith('/api/v1/')
  return isFinished ? { ...headers, 'x-dashscope-finished': 'true' } : headers
}

/** The error as the last frames of a stream. */
function closingFrames(
  { switches, profile }: Context,
  { protocol, record }: PreparedRequest,
  error: WireError,
  frames: Frames,
): string {
  const { errorShape, errorDone, errorId: place, errorLinks: links } = switches
  const { status } = errorTable[error.name]
  const circumstances = { id: { value: record.id, place }, links, isInStream: true }
  const bodyIn = (envelope: typeof protocol.envelope) => errorBody(profile, envelope, error, circumstances)
  const ending = errorDone && protocol.envelope === 'compat' ? doneFrame : ''
  if (errorShape === 'leaked-native' && protocol.envelope === 'compat')
    return nativeFrame(1, 'error', status, bodyIn('native')) + ending
  if (errorShape === 'error-finish' && frames.failingAsText)
    return frames.failingAsText(messageOf(bodyIn(protocol.envelope))) + ending
  return frames.failing(bodyIn(protocol.envelope), status) + ending
}

function messageOf(body: object): string {
  return (body as { readonly error: { readonly message: string } }).error.message
}
