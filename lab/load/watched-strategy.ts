import type { Call, Send } from '../../src/core/call.ts'
import type { Strategy } from '../../src/core/strategy.ts'
import { punctualClock } from './punctual-clock.ts'

/** What a load does around a strategy. */
export interface LoadWatch {
  /** Called when a call starts. */
  started(call: Call): void
  /** Called when the strategy has settled a call. */
  ended(): void
  /** Sends an attempt through the outlet, or never. */
  sending(next: Send): Send
}

/** Returns the same strategy with a watch around and beneath it, and with a clock for real time. It makes the same draws. */
export function watchedStrategy({ name, wrap }: Strategy, watch: LoadWatch): Strategy {
  return {
    name,
    wrap(next, env) {
      const send = wrap(watch.sending(next), { ...env, clock: punctualClock(env.clock) })
      return (call) => {
        watch.started(call)
        const answer = send(call)
        Promise.resolve(answer).then(watch.ended, watch.ended)
        return answer
      }
    },
  }
}
