import type { Headers } from '../exchange.ts'
import { limitHeaders } from '../limit-headers.ts'
import type { RequestRecord } from '../request-record.ts'
import type { Context } from './context.ts'

const variesWhole = 'Origin,Access-Control-Request-Method,Access-Control-Request-Headers, Accept-Encoding'

/**
 * What every reply of the service carries, as captured (2026): names, values and order. `date`, `transfer-encoding` and
 * `content-length` are the skin's.
 */
export function replyHeaders(context: Context, record: RequestRecord, status: number, isStream: boolean): Headers {
  const { timeline, switches } = context
  const { id, arrivedAt, path } = record
  const now = timeline.now()
  const took = String(now - arrivedAt)
  const headers: Record<string, string> = { vary: isStream ? 'Origin' : variesWhole, 'x-request-id': id }
  if (status === 403) headers['x-dashscope-timeout'] = '600'
  else headers['x-dashscope-call-gateway'] = 'true'
  headers['content-type'] = isStream ? 'text/event-stream;charset=UTF-8' : 'application/json'
  headers.server = 'istio-envoy'
  headers['req-cost-time'] = took
  headers['req-arrive-time'] = String(arrivedAt)
  headers['resp-start-time'] = String(now)
  headers['x-envoy-upstream-service-time'] = took
  if (status === 200 && path.startsWith('/api/v1/')) headers['eagleeye-traceid'] = hexOf(id)
  if (switches.cookie) headers['set-cookie'] = `acw_tc=${id}${mirrored(hexOf(id))};path=/;HttpOnly;Max-Age=1800`
  if (switches.limitHeaders && (status === 200 || status === 429))
    Object.assign(headers, limitHeaders(context, record, now))
  return headers
}

/** An id's 32 hexadecimal digits: they stand for a trace id, which has as many. */
function hexOf(id: string): string {
  return id.replaceAll('-', '')
}

function mirrored(text: string): string {
  return [...text].reverse().join('')
}
