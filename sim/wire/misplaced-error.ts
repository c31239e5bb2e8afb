import { Broadcast } from './broadcast.ts'
import type { Context } from './context.ts'
import { errorBody, type WireError } from './envelope.ts'
import { errorTable } from './error-table.ts'
import type { Streamed } from './exchange.ts'
import { replyHeaders } from './headers.ts'
import { readyAt } from './speed.ts'
import { nativeFrame } from './sse.ts'
import type { Petition } from './visit.ts'

/** An error that comes after a 200 has gone out, as `errorPlacement` says: in a frame, among frames, or as text. */
export function misplacedError(
  context: Context,
  { protocol, asked, speech, record, call }: Petition,
  error: WireError,
): Streamed {
  const { timeline, switches, profile, brain } = context
  const { status } = errorTable[error.name]
  const id = { value: record.id, place: switches.errorId }
  const { errorPlacement: placement, frameTokens, errorAfter } = switches
  const tokens = Math.max(1, Math.min(speech.wanted, call.maxTokens))
  const service = brain.service(call.id, tokens)
  const frames = protocol.frames(asked, speech.completion(record.id, timeline.now(), tokens))
  const errorFrames = (): string => {
    if (placement === 'leak-native') return nativeFrame(1, 'error', status, errorBody(profile, 'native', error, id))
    const body = errorBody(profile, protocol.envelope, error, id)
    if (placement === 'error-finish' && protocol.errorFinish) return protocol.errorFinish(asked, record.id, body)
    return protocol.errorFrame(body, status)
  }
  const broadcast = new Broadcast({ timeline, speech, frames, service, tokens, frameTokens })
  if (placement === 'mid-stream') {
    const said = Math.min(tokens, 1 + (errorAfter - 1) * frameTokens)
    timeline.after(service.firstToken, broadcast)
    timeline.after(readyAt(said, service, tokens), () => broadcast.finish(said, errorFrames()))
  } else broadcast.finish(0, errorFrames())
  return {
    kind: 'stream',
    status: 200,
    headers: replyHeaders(record.id, record.arrivedAt, timeline.now(), true),
    start: (sink) => broadcast.start(sink),
  }
}
