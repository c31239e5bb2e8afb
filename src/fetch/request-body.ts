import { OptionError } from '../core/expect.ts'
import { type Bytes, joined } from './bytes.ts'

/** A body that can be sent any number of times. */
export type SafeBody = string | Bytes

/** The most bytes of a body that are kept, so that it can be sent again. DashScope takes no longer one. */
const longestBody = 64 * 1024 * 1024

/** Returns a copy of a body that is text or bytes, and undefined for one of another kind. */
export function copyOf(body: unknown): SafeBody | undefined {
  if (typeof body === 'string') return body
  if (body instanceof ArrayBuffer) return new Uint8Array(body).slice()
  return ArrayBuffer.isView(body) ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice() : undefined
}

/**
 * Returns the body of a request as bytes. A stream is read to its end, because it could be sent only once. Throws an
 * `OptionError` for a body that is too long, and the reason of the request's signal when that aborts.
 */
export async function safeBody({ body, signal }: Request): Promise<Bytes> {
  if (!body) return joined([])
  const source = body.getReader()
  const abort = () => source.cancel(signal.reason)
  signal.addEventListener('abort', abort)
  const pieces: Uint8Array[] = []
  let length = 0
  for (let next = await source.read(); !next.done; next = await source.read()) {
    length += next.value.length
    if (length > longestBody) {
      await source.cancel()
      throw new OptionError(
        `Expected \`body\` to have at most ${longestBody} bytes, so that it can be sent again, got more`,
      )
    }
    pieces.push(next.value)
  }
  signal.removeEventListener('abort', abort)
  signal.throwIfAborted()
  return joined(pieces)
}
