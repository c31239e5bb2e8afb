import { lentTime } from '../../sim/time/lent-time.ts'
import type { Call, Reply, Send } from '../../src/core/call.ts'
import type { Clock, Millis } from '../../src/core/clock.ts'
import type { Strategy } from '../../src/core/strategy.ts'
import { isTransient } from '../../src/strategies/retry/transient.ts'
import { expired, mayBeSent } from '../../src/strategies/wait.ts'
import { during, outside, type Stay } from './guest-time.ts'

/** A reply that is not ok, as the exception that libraries expect. */
export interface NotOk extends Error {
  readonly reply: Reply
}

export function notOk(reply: Reply): NotOk {
  return Object.assign(new Error(reply.kind), { reply })
}

/** Whether an error is a reply that is not ok. Any other is one of the transport or of the library. */
export function isNotOk(error: unknown): error is NotOk {
  return error instanceof Error && 'reply' in error
}

/** Whether a user lets a library try again after this error. */
export function mayTryAgain(error: unknown): boolean {
  return !isNotOk(error) || isTransient(error.reply)
}

/** Sends the call once. Resolves with the reply when it is ok, and rejects with a `NotOk` or the error of the transport. */
export type GuestAttempt = () => Promise<Reply>

/** What a user's code does for one call: it lets a library make attempts. `signal` aborts when nobody waits for the call any more. */
export type GuestSend = (attempt: GuestAttempt, signal: AbortSignal, call: Call) => Promise<unknown>

/** The instant at which the clock of a run shows 0, for guests: 2023-11-14. With an instant near 0 p-queue takes its first window for one that is over. */
const origin: Millis = 1.7e12

/**
 * A strategy that is the code of an npm package, unchanged, as a user would write it around a request. `setUp` makes what a user makes once, such as a
 * queue; it and all that follows from it run in the time of the clock and draw from the random stream. A call ends when the library has done with it, and
 * its reply is the last one that an attempt got.
 */
export function guest(name: string, setUp: () => GuestSend): Strategy {
  return {
    name,
    wrap(next, env) {
      // What is beneath the guest is none: over the wire, its timers and those of its clock are the real ones.
      const clock: Clock = {
        now: () => outside(env.clock.now),
        sleep: (ms, signal) => outside(() => env.clock.sleep(ms, signal)),
      }
      const stay = { time: lentTime(clock, origin), random: env.random }
      const send = during(stay, setUp)
      return (call) => during(stay, () => hosted(call, { next, clock, stay, send }))
    },
  }
}

interface Host {
  readonly next: Send
  readonly clock: Clock
  readonly stay: Stay
  readonly send: GuestSend
}

/** Lets a guest send a call. What a guest cannot be asked for is done here: the call ends at once when it is aborted, and nothing is sent too late. */
function hosted(call: Call, { next, clock, stay, send }: Host): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  const over = new AbortController()
  const abort = () => {
    reject(call.signal.reason)
    // Whoever aborts the call is no guest, but the listeners of the library are.
    during(stay, () => over.abort(call.signal.reason))
  }
  let last: { readonly reply: Reply } | { readonly fault: unknown } | undefined
  const attempt = async (): Promise<Reply> => {
    if (!mayBeSent(call, clock.now())) {
      resolve(last && 'reply' in last ? last.reply : expired)
      over.abort()
      throw notOk(expired)
    }
    try {
      last = { reply: await outside(() => next(call)) }
    } catch (fault) {
      last = { fault }
      throw fault
    }
    if (last.reply.kind !== 'ok') throw notOk(last.reply)
    return last.reply
  }
  const end = (error?: unknown) => {
    call.signal.removeEventListener('abort', abort)
    if (last && 'reply' in last) resolve(last.reply)
    else if (!last && isNotOk(error)) resolve(error.reply)
    else reject(last ? last.fault : error)
  }
  if (call.signal.aborted) abort()
  else {
    call.signal.addEventListener('abort', abort)
    send(attempt, over.signal, call).then(() => end(), end)
  }
  return promise
}
