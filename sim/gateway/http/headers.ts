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

/** The name under which a gateway stands in the header `Via` (RFC 9110, 7.6.3). */
const ownName = 'ratelab'

/** The headers of a request to an account. They contain the account's key and never the customer's. */
export function passedOn(request: WireRequest, key: string): Record<string, string> {
  const named = ofProtocols.flatMap((name) => {
    const value = request.header(name)
    return value === undefined ? [] : [[name, value]]
  })
  const before = request.header('via')
  return {
    ...Object.fromEntries(named),
    authorization: `Bearer ${key}`,
    // Compressed streams would come in larger pieces and later.
    'accept-encoding': 'identity',
    via: `${before === undefined ? '' : `${before}, `}1.1 ${ownName}`,
  }
}

/** Whether a request has been in a gateway of ratelab before. Its accounts then lead back to the gateway. */
export function hasPassedHere(request: WireRequest): boolean {
  const hops = (request.header('via') ?? '').toLowerCase().split(',')
  return hops.some((hop) => hop.trim().split(/\s+/)[1] === ownName)
}

/** The reply headers that say something of the answer, its limits or its time. All others are between the account and the gateway. */
const ofAnswers =
  /^(content-type|retry-after(-ms)?|(x-)?request-id|x-should-retry|(x-|anthropic-)ratelimit-.*|(x-dashscope|openai)-.*|(req-cost|req-arrive|resp-start)-time|x-envoy-upstream-service-time|eagleeye-traceid)$/

/** Which header values every client accepts. Other values cannot be sent on, or are read differently by each client. */
const sendable = /^[\t\x20-\x7e]*$/

/** The headers of an account's reply that the customer gets. `redacted` takes keys out of a text. */
export function repliedWith(headers: Headers, redacted: (text: string) => string): WireHeaders {
  const named = (headers.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase())
  return Object.fromEntries(
    [...headers]
      .filter(([name, value]) => ofAnswers.test(name) && !named.includes(name) && sendable.test(value))
      .map(([name, value]) => [name, redacted(value)]),
  )
}
