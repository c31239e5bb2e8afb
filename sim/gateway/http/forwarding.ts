import { OutputCount } from '../../../src/tokens/passing-tokens.ts'
import type { Answer, Headers, Sink } from '../../wire/exchange.ts'
import { shortenedText } from '../../wire/recorded-text.ts'
import type { ChosenReply } from './account-policy.ts'
import type { CustomerRequest } from './customer-request.ts'
import { repliedWith } from './headers.ts'
import { inTurns } from './in-turns.ts'
import type { Redaction } from './redaction.ts'
import type { GatewayRegistry } from './registry.ts'

/** A reply, and the customer who gets it. */
export interface ForwardingOptions {
  readonly chosen: ChosenReply
  /** The customer’s request without its body, which nobody needs while a stream lasts. */
  readonly customer: Pick<CustomerRequest, 'record' | 'gone' | 'patience'>
  /** Takes the keys of the pool out of what the customer gets. */
  readonly redaction: Redaction
  /** Waits for the time that the way back to the customer takes. Rejects when the customer hangs up. */
  hop(gone: AbortSignal): Promise<void> | undefined
  /** Lets other requests have their turn. Rejects when the customer hangs up. */
  turn(gone: AbortSignal): Promise<void>
  /** Called once, when nothing more will happen to the request. */
  readonly over: GatewayRegistry['over']
}

/** Passes an account's reply on to the customer: a stream piece by piece as it arrives, any other reply in one piece. */
export async function forwardedAnswer(options: ForwardingOptions): Promise<Answer> {
  const { chosen, customer, redaction, hop, turn, over } = options
  const { status, text, next } = chosen.reply
  const { record, gone } = customer
  const headers = headersOf(options)
  record.status = status
  const replyId = headers['x-request-id']
  if (replyId !== undefined) record.replyId = shortenedText(replyId)
  await hop(gone)
  if (next) return { kind: 'stream', status, headers, start: (sink) => stream(options, next, sink) }
  const pieces = redaction.inPieces()
  const count = new OutputCount()
  let body = ''
  const pass = (piece: string) => {
    count.add(piece)
    body += piece
  }
  for await (const part of inTurns(text, () => turn(gone))) pass(pieces.add(part))
  pass(pieces.end())
  chosen.settle(count.whole)
  over(record, 'answered')
  return { kind: 'whole', status, headers, body }
}

function headersOf({ chosen, customer: { record }, redaction }: ForwardingOptions): Headers {
  return {
    ...repliedWith(chosen.reply.headers, redaction.redacted),
    'x-ratelab-account': String(record.attempts.at(-1)!.account),
    'x-ratelab-attempts': String(record.attempts.length),
    'x-ratelab-price-factor': String(record.priceFactor),
  }
}

/** Passes a stream on, and reads no faster than the customer does. Charges what has passed, however the stream ends. */
async function stream(
  { chosen, customer, redaction, over }: ForwardingOptions,
  next: NonNullable<ChosenReply['reply']['next']>,
  sink: Sink,
): Promise<void> {
  const { record, gone, patience } = customer
  const pieces = redaction.inPieces()
  const count = new OutputCount()
  const pass = (text: string) => {
    if (text === '' || gone.aborted) return
    count.add(text)
    sink.write(text)
  }
  let isWhole = false
  try {
    pass(pieces.add(chosen.reply.text))
    while (!isWhole && !gone.aborted) {
      const drained = sink.drained?.()?.then(() => ({}))
      if (drained && 'reason' in (await patience.wait(drained, 'total'))) break
      const read = await next()
      if ('reason' in read) {
        if (!gone.aborted) chosen.broke()
        break
      }
      pass(pieces.add(read.text))
      isWhole = read.isEnd
    }
    if (isWhole) pass(pieces.end())
  } catch {
    // The sink has failed: nothing more can reach the customer.
    isWhole = false
  } finally {
    chosen.settle(isWhole && !gone.aborted ? count.whole : count.broken)
    chosen.reply.close()
    if (!gone.aborted) {
      over(record, isWhole ? 'answered' : 'broken')
      if (isWhole) sink.end()
      else sink.break()
    }
  }
}
