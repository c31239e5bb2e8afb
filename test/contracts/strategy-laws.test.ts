import { expect, test } from 'vitest'
import { strategyLaws } from '../../contracts/strategy-laws.ts'
import type { Call, Send } from '../../src/core/call.ts'
import { type Env, type Strategy, stack } from '../../src/core/strategy.ts'

// Each law is broken by a strategy that has just the fault which the law is there to find.

type Faulty = (next: Send, env: Env) => Send

let made = 0
const named = (wrap: Faulty): Strategy => ({ name: 'faulty', wrap })

/** A retry with the fault of the test in one of its parts. */
function retrying(
  options: { sleepsThroughAbort?: boolean; looksAtSignal?: boolean; looksAtClock?: boolean; wait?: () => number } = {},
): Faulty {
  const { sleepsThroughAbort = false, looksAtSignal = true, looksAtClock = true, wait = () => 1000 } = options
  return (next, { clock }) =>
    async (call) => {
      for (let k = 0; ; k++) {
        const reply = await next(call)
        const ms = wait()
        if (reply.kind !== 'throttled' || k === 3 || clock.now() + ms >= call.deadline) return reply
        await clock.sleep(ms, sleepsThroughAbort ? undefined : call.signal)
        if (looksAtSignal && call.signal.aborted) throw call.signal.reason
        if (looksAtClock && clock.now() >= call.deadline) return reply
      }
    }
}

const twice: Faulty = (next) => async (call) => {
  const reply = await next(call)
  return reply.kind === 'throttled' ? reply : next(call)
}

let shared = 0

const faulty: readonly (readonly [law: string, fault: string, make: () => Strategy])[] = [
  ['is named', 'counts itself', () => ({ ...stack(), name: `faulty ${made++}` })],
  ['is named', 'has no name', () => ({ ...stack(), name: ' ' })],
  [
    'N calls give N replies, each one that the provider gave to that call',
    'gives all calls the first reply',
    () =>
      named((next) => {
        let first: ReturnType<Send> | undefined
        return (call) => {
          first ??= next(call)
          return first
        }
      }),
  ],
  [
    'N calls give N replies, each one that the provider gave to that call',
    'never settles the fourth call',
    () => named((next) => (call) => (call.id === 3 ? new Promise(() => {}) : next(call))),
  ],
  [
    'an ok reply passes untouched, after one attempt that carried the call as it was',
    'copies the reply',
    () => named((next) => async (call) => ({ ...(await next(call)) })),
  ],
  [
    'an ok reply passes untouched, after one attempt that carried the call as it was',
    'changes the call',
    () => named((next) => async (call) => next({ ...call, promptTokens: 1 })),
  ],
  [
    'an ok reply passes untouched, after one attempt that carried the call as it was',
    'writes to the target of the call',
    () =>
      named((next) => async (call) => {
        ;(call.target as { key: string }).key = 'other'
        return next(call)
      }),
  ],
  [
    'an ok reply passes untouched, after one attempt that carried the call as it was',
    'sends twice',
    () => named(twice),
  ],
  ['a failed reply that is not retryable is handed on, never retried', 'sends twice', () => named(twice)],
  [
    'a transport fault passes through and blocks nobody',
    'does not give the slot back',
    () =>
      named((next, { clock }) => {
        let inFlight = 0
        return async (call) => {
          while (inFlight >= 2 && clock.now() < 1e6) await clock.sleep(10, call.signal)
          if (inFlight >= 2) return { kind: 'failed', status: 0, retryable: false, body: undefined }
          inFlight++
          const reply = await next(call)
          inFlight--
          return reply
        }
      }),
  ],
  [
    'a transport fault passes through and blocks nobody',
    'makes a reply of it',
    () =>
      named(
        (next) => (call) => next(call).catch(() => ({ kind: 'failed', status: 0, retryable: false, body: undefined })),
      ),
  ],
  [
    'an abort at any instant rejects at once with the reason, and no later attempt happens',
    'sleeps through an abort',
    () => named(retrying({ sleepsThroughAbort: true })),
  ],
  [
    'an abort at any instant rejects at once with the reason, and no later attempt happens',
    'does not look at the signal when a wait has ended',
    () => named(retrying({ looksAtSignal: false })),
  ],
  [
    'a call that is aborted before it starts is not retried',
    'sleeps through an abort',
    () => named(retrying({ sleepsThroughAbort: true, looksAtSignal: false })),
  ],
  [
    'nothing is sent at or after the deadline, and the call still gets a reply',
    'does not know the deadline',
    () => {
      const endless = (call: Call) => ({ ...call, deadline: Infinity })
      return named((next, env) => (call) => retrying()(next, env)(endless(call)))
    },
  ],
  [
    'nothing is sent at or after the deadline when timers ring late',
    'does not look at the clock when a wait has ended',
    () => named(retrying({ looksAtClock: false })),
  ],
  [
    'the same seed gives the same attempts and settlements',
    'has chance of its own',
    () => named(retrying({ wait: () => 100 * (1 + (shared++ % 7)) })),
  ],
  [
    'runs of one strategy object do not contaminate each other',
    'keeps its state outside wrap',
    () => {
      let waits = 0
      return named(retrying({ wait: () => 10 * ++waits }))
    },
  ],
]

test.each(faulty)('"%s" is broken by a strategy that %s', async (law, _fault, make) => {
  await expect((async () => strategyLaws[law]!(make))()).rejects.toThrow()
})

test.each(Object.keys(strategyLaws))('"%s" has a strategy that breaks it, and one that keeps it', async (law) => {
  expect(faulty.map(([broken]) => broken)).toContain(law)
  await strategyLaws[law]!(() => named(retrying()))
})
