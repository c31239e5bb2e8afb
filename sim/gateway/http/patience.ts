import type { Clock, Millis } from '../../../src/core/clock.ts'

/** How long a gateway waits for an account. */
export interface UpstreamTimeouts {
  /** Until the account has begun to reply: the headers of a whole reply, or the first frame of a stream. Default: 120,000 ms. */
  readonly firstByte: Millis
  /** Between two pieces of a reply. Default: 60,000 ms. */
  readonly idle: Millis
  /** From the arrival of the request until its last byte, at all accounts together. Default: 600,000 ms. */
  readonly total: Millis
}

export const defaultTimeouts: UpstreamTimeouts = { firstByte: 120_000, idle: 60_000, total: 600_000 }

/** An account has given no reply, or only a part of one. */
export interface NoReply {
  /** A code such as `ECONNREFUSED`, or the name of an error. It is not the message, which may quote what was sent. */
  readonly reason: string
}

/** Waits for the accounts on behalf of one request, until its customer leaves or its time is over. */
export interface Patience {
  /** Whether the request has time left. */
  hasTime(): boolean
  /** Resolves with the value, or with why it has not come within `timeout`. Never rejects. */
  wait<T extends object>(work: Promise<T>, timeout: 'firstByte' | 'idle' | 'total'): Promise<T | NoReply>
}

export interface PatienceOptions {
  readonly timeouts: UpstreamTimeouts
  readonly clock: Clock
  /** The time of the clock in whole milliseconds. */
  now(): Millis
  /** Aborts when the customer leaves. */
  readonly gone: AbortSignal
}

/** The patience for a request that arrives now. */
export function patienceFor({ timeouts, clock, now, gone }: PatienceOptions): Patience {
  const end = now() + timeouts.total
  return {
    hasTime: () => now() < end,
    async wait(work, timeout) {
      const over = new AbortController()
      const left = end - now()
      const isLast = left <= timeouts[timeout]
      const late = clock
        .sleep(isLast ? left : timeouts[timeout], over.signal)
        .then(() => ({ reason: `${isLast ? 'total' : timeout} timeout` }))
      const given = new Promise<NoReply>((resolve) => {
        const leave = () => resolve({ reason: 'the customer left' })
        if (gone.aborted) leave()
        else gone.addEventListener('abort', leave, { signal: over.signal })
      })
      // When the work is done first, nobody waits for the timer, and its rejection must not count as unhandled.
      late.catch(() => {})
      const settled = await Promise.race([work.catch(reasonOf), given, late])
      // With a reason of its own: making the default one, an error, would cost more than the wait.
      over.abort('over')
      return settled
    },
  }
}

/** The code of an error or of its cause. The platform's `fetch` gives the error of the connection as the cause of its own. */
function reasonOf(error: unknown): NoReply {
  const { cause, code, name = 'Error' } = Object(error) as Partial<NodeJS.ErrnoException>
  const { code: innerCode, name: kind = name } = Object(cause) as Partial<NodeJS.ErrnoException>
  return { reason: String(innerCode ?? code ?? kind) }
}
