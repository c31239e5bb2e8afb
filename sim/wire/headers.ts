import type { Context } from './context.ts'
import type { Headers } from './exchange.ts'
import { limitHeaders } from './limit-headers.ts'
import type { RequestRecord } from './request-record.ts'

/**
 * What every reply of the service carries, as captured (2026): names, values and order. `date`, `transfer-encoding` and
 * `content-length` are the skin's.
 */
export function replyHeaders(context: Context, record: RequestRecord, status: number, isStream: boolean): Headers {
  const { timeline, switches } = context
  const { id, arrivedAt, path } = record
  const now = timeline.now()
  const took = String(now - arrivedAt)
  return {
    vary: isStream ? 'Origin' : 'Origin,Access-Control-Request-Method,Access-Control-Request-Headers, Accept-Encoding',
    'x-request-id': id,
    ...(status === 403 ? { 'x-dashscope-timeout': '600' } : { 'x-dashscope-call-gateway': 'true' }),
    'content-type': isStream ? 'text/event-stream;charset=UTF-8' : 'application/json',
    server: 'istio-envoy',
    'req-cost-time': took,
    'req-arrive-time': String(arrivedAt),
    'resp-start-time': String(now),
    'x-envoy-upstream-service-time': took,
    ...(status === 200 && path.startsWith('/api/v1/') && { 'eagleeye-traceid': hexOf(id) }),
    ...(switches.cookie && { 'set-cookie': `acw_tc=${id}${mirrored(hexOf(id))};path=/;HttpOnly;Max-Age=1800` }),
    ...(switches.limitHeaders && (status === 200 || status === 429) && limitHeaders(context, record, now)),
  }
}

/** An id's 32 hexadecimal digits: they stand for a trace id, which has as many. */
function hexOf(id: string): string {
  return id.replaceAll('-', '')
}

function mirrored(text: string): string {
  return [...text].reverse().join('')
}
