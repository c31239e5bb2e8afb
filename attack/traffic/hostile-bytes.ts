import type { WireRequest } from '../../sim/ratelab-mock.ts'
import { oddHeaderNames } from './hostile-request.ts'
import { messageBytes } from './requests.ts'

/** A request of the fuzz as bytes, or undefined when it cannot be written as HTTP. */
export function bytesOf({ method, path, query, header, body }: WireRequest): Buffer | undefined {
  if (!/^[A-Z]+$/.test(method) || !path.startsWith('/')) return undefined
  const headers = ['authorization', ...oddHeaderNames].flatMap((name) => {
    const value = header(name)
    return value === undefined ? [] : [`${name}: ${value}`]
  })
  return messageBytes(method, query === '' ? path : `${path}?${query}`, headers, body)
}
