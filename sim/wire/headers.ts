import type { Millis } from '../../src/core/clock.ts'
import type { Headers } from './exchange.ts'

/** What every reply of the service carries, as captured (2026). The order is the captures'. */
export function replyHeaders(
  id: string,
  arrivedAt: Millis,
  now: Millis,
  isStream: boolean,
  isRefused = false,
): Headers {
  const took = String(now - arrivedAt)
  return {
    vary: isStream ? 'Origin' : 'Origin,Access-Control-Request-Method,Access-Control-Request-Headers, Accept-Encoding',
    'x-request-id': id,
    ...(isRefused ? { 'x-dashscope-timeout': '600' } : { 'x-dashscope-call-gateway': 'true' }),
    'content-type': isStream ? 'text/event-stream;charset=UTF-8' : 'application/json',
    server: 'istio-envoy',
    'req-cost-time': took,
    'req-arrive-time': String(arrivedAt),
    'resp-start-time': String(now),
    'x-envoy-upstream-service-time': took,
  }
}
