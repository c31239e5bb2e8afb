import type { Headers as WireHeaders, WireRequest } from '../../wire/exchange.ts'

/** What of a request concerns the model and its protocol; everything else is between the customer and the gateway. */
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

/** The headers of a request to an account: never the customer's key. */
export function passedOn(request: WireRequest, key: string): Record<string, string> {
  const named = ofProtocols.flatMap((name) => {
    const value = request.header(name)
    return value === undefined ? [] : [[name, value]]
  })
  // Compressed streams come in lumps.
  return { ...Object.fromEntries(named), authorization: `Bearer ${key}`, 'accept-encoding': 'identity' }
}

/** Between two neighbours only (RFC 9110, 7.6.1), or no longer true of a body that was taken apart. */
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
  // One customer's session is none of another's.
  'set-cookie',
]

/** The headers of an account's reply, as a customer gets them. */
export function repliedWith(headers: Headers): WireHeaders {
  const named = (headers.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase())
  return Object.fromEntries([...headers].filter(([name]) => !ofOneHop.includes(name) && !named.includes(name)))
}
