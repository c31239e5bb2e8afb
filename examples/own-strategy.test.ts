import type { Millis, Strategy } from 'ratelab'
import { callsAtOnce, strategyContract, strategyRig, throttledReply, throttleFirst } from 'ratelab/contracts'
import { expect, test } from 'vitest'

// A strategy of your own, and its tests. The contract's suite tests what every strategy must keep to; two tests more say what
// this one is for. Minutes of waiting take milliseconds.

interface StepOptions {
  /** How much longer each wait is than the one before, in milliseconds. Whole, > 0. */
  readonly step: Millis
  /** The most attempts at a call, the first included. Whole, >= 1. */
  readonly attempts: number
}

/** Waits one step, then two, then three between the attempts at a throttled call, and never less than the provider advises. */
function linearRetry({ step, attempts }: StepOptions): Strategy {
  return {
    name: `linearRetry(${attempts}, ${step} ms)`,
    wrap: (next, { clock }) =>
      async function linearRetry(call) {
        for (let made = 1; ; made++) {
          const reply = await next(call)
          if (reply.kind !== 'throttled' || made === attempts) return reply
          const wait = Math.max(made * step, reply.retryAfter ?? 0)
          // A reply to an attempt at or after the deadline could not come in time.
          if (clock.now() + wait >= call.deadline) return reply
          await clock.sleep(Math.ceil(wait), call.signal)
          // The wait may have ended late, and the call may have been aborted at that very instant.
          if (call.signal.aborted) throw call.signal.reason
          if (clock.now() >= call.deadline) return reply
        }
      },
  }
}

strategyContract(() => linearRetry({ step: 700, attempts: 4 }))

test('each wait is a step longer', async () => {
  const lab = strategyRig({ strategy: linearRetry({ step: 700, attempts: 9 }), script: throttleFirst(3) })
  const [only] = await lab.run(callsAtOnce(1))
  expect(lab.instants()).toEqual([0, 700, 2100, 4200])
  expect(only!.reply?.kind).toBe('ok')
})

test('the provider’s advice is a lower bound', async () => {
  const script = () => throttledReply('tokens', 1000)
  const lab = strategyRig({ strategy: linearRetry({ step: 700, attempts: 3 }), script })
  await lab.run(callsAtOnce(1))
  expect(lab.instants()).toEqual([0, 1000, 2400])
})
