import type { Call } from '../../src/core/call.ts'
import type { Strategy } from '../../src/core/strategy.ts'

/** What a load does around a strategy. */
export interface LoadWatch {
  /** Called when a call starts. */
  started(call: Call): void
  /** Called when the strategy has settled a call. */
  ended(): void
  /** Called before an attempt is sent. Throws when it must not be. */
  sending(call: Call): void
}

/** Returns the same strategy with a watch around and beneath it. It makes the same draws. */
export function watchedStrategy({ name, wrap }: Strategy, watch: LoadWatch): Strategy {
  return {
    name,
    wrap(next, env) {
      const send = wrap(async (call) => {
        watch.sending(call)
        return next(call)
      }, env)
      return (call) => {
        watch.started(call)
        const answer = send(call)
        Promise.resolve(answer).then(watch.ended, watch.ended)
        return answer
      }
    },
  }
}
