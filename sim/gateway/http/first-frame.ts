import { isObject } from '../../../src/checks/shape.ts'
import { errorTable } from '../../errors/error-table.ts'

/** An error that a stream shows in its first frame. */
export interface FrameError {
  /** The code of the error. Empty when the frame has none. */
  readonly code: string
  /** The HTTP status that an error with this code has otherwise. 500 when the code is not known. */
  readonly status: number
}

/** Returns where the first frame with data ends. Returns undefined when it has not come completely. */
export function firstFrameEnd(text: string): number | undefined {
  const data = /^data:/m.exec(text)
  const end = data && /\n\r?\n/.exec(text.slice(data.index))
  return end ? data.index + end.index + end[0].length : undefined
}

/** Returns the error that the first frame of a stream shows, in the spelling of any protocol. */
export function frameError(stream: string): FrameError | undefined {
  const frame = stream.slice(0, firstFrameEnd(stream))
  const data = [...frame.matchAll(/^data: ?(.*)$/gm)].map(([, line]) => line).join('\n')
  const code = errorCode(data)
  return code === undefined ? undefined : { code, status: statuses.get(code) ?? 500 }
}

/** Returns the code of an error as JSON. Returns undefined when the JSON is no error. An error without a code has an empty one. */
export function errorCode(json: string): string | undefined {
  let body: unknown
  try {
    body = JSON.parse(json)
  } catch {
    return undefined
  }
  if (!isObject(body)) return undefined
  const { error, type, code, message } = body
  if (isObject(error)) return [error.code, error.type].find((each) => typeof each === 'string') ?? ''
  if (typeof code === 'string' && code !== '' && typeof message === 'string') return code
  return type === 'error' || typeof error === 'string' ? '' : undefined
}

/** The status of each code, in either spelling. */
const statuses = new Map(
  Object.values(errorTable)
    .flatMap(({ status, native, compat = native }) => [[native, status] as const, [compat, status] as const])
    .toReversed(),
)
