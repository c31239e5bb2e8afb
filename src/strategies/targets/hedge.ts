import type { Reply } from '../../core/call.ts'
import { CallSignal } from '../../core/call-signal.ts'
import type { Millis } from '../../core/clock.ts'
import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import { longestWait } from '../bounds.ts'

/** The options of `hedge`. */
export interface HedgeOptions {
  /** How long the first attempt has before a second one is sent beside it, in milliseconds. Whole, > 0, <= 1e12. Default 2000, as in Polly. */
  readonly after?: Millis
}

/**
 * Sends a second attempt at a call whose first one has no reply after a while, takes the answer that comes first, and hangs up on the other
 * (Dean and Barroso, "The Tail at Scale", CACM 2013). A reply that is not ok ends the call only if no other attempt is under way.
 *
 * Against rate limits it is an anti-pattern: each second attempt takes quota, and what the provider had admitted is billed although nobody waits
 * for it. Throws an `OptionError` for a wrong option.
 */
export function hedge({ after = 2000 }: HedgeOptions = {}): Strategy {
  expectNumber('after', after, { above: 0, atMost: longestWait, whole: true })
  return {
    name: `hedge(${after} ms)`,
    wrap: (next, { clock }) =>
      function hedge(call) {
        return new Promise<Reply>((resolve, reject) => {
          const attempts: CallSignal[] = []
          let underWay = 0
          /** The first reply that is no answer, for the case that there is no better one. */
          let refusal: (() => void) | undefined

          const settle = (outcome: () => void) => {
            call.signal.removeEventListener('abort', onAbort)
            timer.abort(undefined)
            outcome()
            for (const signal of attempts) signal.abort(call.signal.reason)
          }
          const onAbort = () => settle(() => reject(call.signal.reason))
          const send = () => {
            const signal = new CallSignal()
            attempts.push(signal)
            underWay++
            next({ ...call, signal }).then(
              (reply) => ended(signal, () => resolve(reply), reply.kind === 'ok'),
              (fault) => ended(signal, () => reject(fault), false),
            )
          }
          const ended = (signal: CallSignal, outcome: () => void, isAnswer: boolean) => {
            underWay--
            if (signal.aborted) return
            attempts.splice(attempts.indexOf(signal), 1)
            refusal ??= outcome
            if (isAnswer) settle(outcome)
            else if (underWay === 0) settle(refusal)
          }

          const timer = new CallSignal()
          if (call.signal.aborted) return reject(call.signal.reason)
          call.signal.addEventListener('abort', onAbort)
          send()
          clock.sleep(after, timer).then(
            () => underWay > 0 && clock.now() < call.deadline && send(),
            () => {},
          )
        })
      },
  }
}
