import type { Headers as WireHeaders, WireRequest } from '../../wire/exchange.ts'

/** The request headers that concern the model or its protocol. All others are between the customer and the gateway. */
const ofProtocols = [
  'accept',
  'content-type',
  'user-agent',
  'anthropic-beta',
  'anthropic-version',
  'idempotency-key',
  'openai-beta',
  'traceparent',
  'tracestate',
  'x-dashscope-async',
  'x-dashscope-sse',
  'x-dashscope-wait-timeout',
  'x-dashscope-datainspection',
] as const

/** The headers of a request to an account. They contain the account's key and never the customer's. */
export function passedOn(request: WireRequest, key: string): Record<string, string> {
  const named = ofProtocols.flatMap((name) => {
    const value = request.header(name)
    return value === undefined ? [] : [[name, value]]
  })
  // Compressed streams would come in larger pieces and later.
  return { ...Object.fromEntries(named), authorization: `Bearer ${key}`, 'accept-encoding': 'identity' }
}

/** The reply headers that are not passed on: they concern one hop only (RFC 9110, 7.6.1), or are no longer true of a decoded body. */
const ofOneHop = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-encoding',
  'content-length',
  // A session of one customer must not reach another.
  'set-cookie',
]

/** The headers of an account's reply that the customer gets. */
export function repliedWith(headers: Headers): WireHeaders {
  const named = (headers.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase())
  return Object.fromEntries([...headers].filter(([name]) => !ofOneHop.includes(name) && !named.includes(name)))
}
