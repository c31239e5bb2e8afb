import type { Call, Reply, Usage } from '../../src/core/call.ts'
import type { Clock } from '../../src/core/clock.ts'
import { quotable } from '../../src/core/expect.ts'
import { answerOf } from '../../src/fetch/answer.ts'
import type { Outlet } from '../../src/harness/run.ts'
import type { Trace } from '../../src/harness/trace.ts'
import type { Workload } from '../../src/scenario/workload.ts'
import { answerTokens, chatRequest } from './chat-request.ts'
import type { Failures } from './failures.ts'
import { billedUsage } from './spending.ts'
import { wireDecision } from './wire-decision.ts'

/** How attempts are sent over HTTP, and where what becomes of them is noted. */
export interface HttpOutletOptions {
  readonly send: typeof fetch
  /** The address of the provider: that of its chat completions without `/chat/completions`. */
  readonly url: string
  /** Returns the user's key for the key of an account of the scenario. */
  readonly keyOf: (key: string) => string
  /** Whether answers are asked for as streams. Default: they are not. */
  readonly stream?: boolean
  readonly clock: Clock
  readonly trace: Trace
  readonly workload: Workload
  /** Returns the price of a request to a model. */
  readonly price: (model: string, usage: Usage) => number
  readonly failures: Failures
}

/**
 * Returns an outlet that sends each attempt as a chat request to an OpenAI-compatible address. What the wire does not tell is taken as follows: an
 * attempt is decided at the instant at which it is sent, and a 429 of requests or of no known cause is one of `rpm`, a 429 of tokens one of `tpm`. A
 * transport fault is a failed reply, since a load goes on after it.
 */
export function httpOutlet(options: HttpOutletOptions): Outlet {
  const { clock, trace, workload, price, failures, stream = false } = options
  const start = clock.now()
  return async (call, attempt) => {
    const sentAt = clock.now() - start
    const body = chatRequest(call, answerTokens(workload, call), stream)
    const reply = await replyTo(call, body, options)
    const usage = billedUsage(reply)
    if (usage) trace.billed(attempt, price(call.target.model, usage))
    trace.decided(attempt, sentAt, ...wireDecision(reply))
    if (reply.kind === 'ok') trace.answered(attempt)
    if (reply.kind === 'failed') failures.add(reply.status, reply.code)
    return reply
  }
}

async function replyTo(
  call: Call,
  body: string,
  { send, url, keyOf, clock, stream = false }: HttpOutletOptions,
): Promise<Reply> {
  const { signal } = call
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    authorization: `Bearer ${keyOf(call.target.key)}`,
  }
  const left = new AbortController()
  const leave = () => left.abort()
  signal.addEventListener('abort', leave)
  try {
    const response = await send(`${url}/chat/completions`, { method: 'POST', headers, body, signal: left.signal })
    const answer = await answerOf({ call, response, now: clock.now() }, stream)
    // The end of a stream has its usage.
    if (answer.isOpen) await answer.response.body?.pipeTo(new WritableStream())
    // A load has many replies, so that their bodies are not kept.
    return { ...(await answer.reply), body: undefined }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    return { kind: 'failed', status: 0, code: faultOf(error), retryable: true, body: undefined }
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

/** The code of a transport fault, such as ECONNREFUSED. */
function faultOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return quotable(code ?? message)
}
