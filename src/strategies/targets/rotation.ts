import type { Reply } from '../../core/call.ts'
import { expectNumber } from '../../core/expect.ts'
import type { Strategy } from '../../core/strategy.ts'
import { expectList } from '../bounds.ts'
import { type BackoffOptions, backoffName, backoffOf, laws } from '../retry/jitter.ts'
import { advice } from '../retry/transient.ts'
import { mayBeSent } from '../wait.ts'

/** The options of `rotation`. */
export interface RotationOptions extends BackoffOptions {
  /** The API keys. At least one. Keys of one account share its limits and gain nothing: only keys of different accounts add quota. */
  readonly keys: readonly string[]
  /** The most attempts at a call, over all keys, the first included. Whole, >= 1. Default: 10 for each key. */
  readonly attempts?: number
}

/**
 * The article's rotation, with retries. A throttled call tries the next key at once. When a whole round was throttled, the call
 * waits (AWS full jitter, and at least the shortest wait that the round advised) and goes round again. Each call starts at the next
 * key. A round in which the free quota of every key was used up is the last one. Throws an `OptionError` for a wrong option; the
 * message does not quote the keys.
 *
 * Terms of service: to use several accounts to get round a limit can breach a provider's terms. The laboratory measures this; it
 * does not advise it.
 */
export function rotation({ keys, attempts, ...backoffOptions }: RotationOptions): Strategy {
  const ring = expectList('keys', keys)
  const most = attempts ?? 10 * ring.length
  expectNumber('attempts', most, { atLeast: 1, whole: true })
  const backoff = backoffOf(backoffOptions)
  return {
    name: `rotation(${ring.length} keys, ${most}${backoffName(backoff)})`,
    wrap: (next, { clock, random }) => {
      let turn = 0
      return async function rotation(call) {
        let reply: Reply | undefined
        for (let round = 0, made = 0; ; round++) {
          const first = turn
          turn = (turn + 1) % ring.length
          let advised = Infinity
          let isHopeless = true
          for (let i = 0; i < ring.length; i++) {
            if (reply && !mayBeSent(call, clock.now())) return reply
            const key = ring[(first + i) % ring.length]!
            reply = await next({ ...call, target: { ...call.target, key } })
            if (reply.kind !== 'throttled' || ++made === most) return reply
            advised = Math.min(advised, advice(reply))
            isHopeless = isHopeless && reply.cause === 'quota'
          }
          const wait = Math.ceil(Math.max(laws.full(round, 0, backoff, random.next()), advised))
          if (isHopeless || clock.now() + wait >= call.deadline) return reply!
          await clock.sleep(wait, call.signal)
        }
      }
    },
  }
}
