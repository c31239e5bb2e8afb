import type { StreamRecord } from './stream-record.ts'

/** Reads a body. */
export type Source = ReadableStreamDefaultReader<Uint8Array>

/** A body on its way to the caller. */
export interface PassingBody {
  readonly stream: ReadableStream<Uint8Array>
  /** Resolves at the end, with whether the caller has read all of it. Rejects with what breaks the body. */
  readonly isWhole: Promise<boolean>
}

/**
 * Passes a body on, unchanged and no faster than its caller reads, and tells a record of it. `pieces` have been read before, and the record knows
 * them. A caller who cancels it cancels the source.
 */
export function passingBody(pieces: Uint8Array[], source: Source, record: StreamRecord): PassingBody {
  const { promise: isWhole, resolve, reject } = Promise.withResolvers<boolean>()
  const pass = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const earlier = pieces.shift()
    if (earlier) return controller.enqueue(earlier)
    const { done, value } = await source.read()
    if (!done) {
      record.add(value)
      return controller.enqueue(value)
    }
    record.end()
    controller.close()
    resolve(true)
  }
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          await pass(controller)
        } catch (error) {
          controller.error(error)
          reject(error)
        }
      },
      cancel(reason) {
        resolve(false)
        return source.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, isWhole }
}
