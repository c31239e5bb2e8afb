import type { Answer, Headers, Sink } from '../../wire/exchange.ts'
import type { ChosenReply } from './account-policy.ts'
import type { CustomerRequest } from './customer-request.ts'
import { repliedWith } from './headers.ts'
import { OutputCount } from './passing-tokens.ts'
import type { GatewayRegistry } from './registry.ts'
import { textOf } from './upstream-account.ts'

/** A reply, and the customer who gets it. */
export interface ForwardingOptions {
  readonly reply: ChosenReply
  readonly customer: CustomerRequest
  /** Waits for the time that the way back to the customer takes. Rejects when the customer hangs up. */
  hop(gone: AbortSignal): Promise<void> | undefined
  /** Called once, when nothing more will happen to the request. */
  readonly over: GatewayRegistry['over']
}

/** Passes an account's reply on to the customer: a stream piece by piece as it arrives, any other body when it has been read completely. */
export async function forwardedAnswer(options: ForwardingOptions): Promise<Answer> {
  const { reply, customer, hop, over } = options
  const { response } = reply
  const { record, gone } = customer
  const { status } = response
  const headers = headersOf(options)
  record.status = status
  const replyId = headers['x-request-id']
  if (replyId !== undefined) record.replyId = replyId
  if (response.body && /^text\/event-stream\b/i.test(headers['content-type'] ?? '')) {
    await hop(gone)
    return { kind: 'stream', status, headers, start: (sink) => stream(options, sink) }
  }
  const body = await textOf(response)
  const count = new OutputCount()
  count.add(body ?? '')
  reply.settle(count.tokens)
  if (body === undefined) {
    over(record, 'broken')
    return { kind: 'hang-up' }
  }
  await hop(gone)
  over(record, 'answered')
  return { kind: 'whole', status, headers, body }
}

function headersOf({ reply, customer: { record } }: ForwardingOptions): Headers {
  return {
    ...repliedWith(reply.response.headers),
    'x-ratelab-account': String(record.attempts.at(-1)!.account),
    'x-ratelab-attempts': String(record.attempts.length),
    'x-ratelab-price-factor': String(record.priceFactor),
  }
}

async function stream({ reply, customer, over }: ForwardingOptions, sink: Sink): Promise<void> {
  const { record, gone } = customer
  const decoder = new TextDecoder()
  const count = new OutputCount()
  let isWhole = true
  try {
    for await (const chunk of reply.response.body!) {
      const text = decoder.decode(chunk, { stream: true })
      count.add(text)
      sink.write(text)
    }
  } catch {
    isWhole = false
  }
  reply.settle(count.tokens)
  if (gone.aborted) return
  if (isWhole) sink.end()
  else sink.break()
  over(record, isWhole ? 'answered' : 'broken')
}
