import { expect, test } from 'vitest'
import { strategyLaws } from '../../contracts/strategy-laws.ts'
import type { Call, Send } from '../../src/core/call.ts'
import { type Env, type Strategy, stack } from '../../src/core/strategy.ts'

// For each law there is a strategy with a fault that only this law is meant to find.

type Faulty = (next: Send, env: Env) => Send

let namesGiven = 0
const faultyStrategy = (wrap: Faulty): Strategy => ({ name: 'faulty', wrap })

/** Returns a retry that keeps every law by default. Each option gives it a fault. */
function retrying(
  options: { ignoresAbort?: boolean; checksSignal?: boolean; checksClock?: boolean; wait?: () => number } = {},
): Faulty {
  const { ignoresAbort = false, checksSignal = true, checksClock = true, wait = () => 1000 } = options
  return (next, { clock }) =>
    async (call) => {
      for (let k = 0; ; k++) {
        const reply = await next(call)
        const ms = wait()
        if (reply.kind !== 'throttled' || k === 3 || clock.now() + ms >= call.deadline) return reply
        await clock.sleep(ms, ignoresAbort ? undefined : call.signal)
        if (checksSignal && call.signal.aborted) throw call.signal.reason
        if (checksClock && clock.now() >= call.deadline) return reply
      }
    }
}

const sendsTwice: Faulty = (next) => async (call) => {
  const reply = await next(call)
  return reply.kind === 'throttled' ? reply : next(call)
}

let waitCount = 0

const faulty: readonly (readonly [law: string, fault: string, make: () => Strategy])[] = [
  [
    'has a name, which depends only on the options',
    'has a new name each time',
    () => ({ ...stack(), name: `faulty ${namesGiven++}` }),
  ],
  ['has a name, which depends only on the options', 'has a blank name', () => ({ ...stack(), name: ' ' })],
  [
    'each call gets one reply that the provider gave to that call',
    'gives all calls the first reply',
    () =>
      faultyStrategy((next) => {
        let first: ReturnType<Send> | undefined
        return (call) => {
          first ??= next(call)
          return first
        }
      }),
  ],
  [
    'each call gets one reply that the provider gave to that call',
    'never settles the fourth call',
    () => faultyStrategy((next) => (call) => (call.id === 3 ? new Promise(() => {}) : next(call))),
  ],
  [
    'an ok reply is passed on unchanged, after one attempt with the unchanged call',
    'copies the reply',
    () => faultyStrategy((next) => async (call) => ({ ...(await next(call)) })),
  ],
  [
    'an ok reply is passed on unchanged, after one attempt with the unchanged call',
    'changes the call',
    () => faultyStrategy((next) => async (call) => next({ ...call, promptTokens: 1 })),
  ],
  [
    'an ok reply is passed on unchanged, after one attempt with the unchanged call',
    'writes to the target of the call',
    () =>
      faultyStrategy((next) => async (call) => {
        ;(call.target as { key: string }).key = 'other'
        return next(call)
      }),
  ],
  [
    'an ok reply is passed on unchanged, after one attempt with the unchanged call',
    'sends twice',
    () => faultyStrategy(sendsTwice),
  ],
  [
    'a failed reply that is not retryable is passed on and not retried',
    'sends twice',
    () => faultyStrategy(sendsTwice),
  ],
  [
    'a transport fault is passed on and does not block other calls',
    'does not release its slot after a fault',
    () =>
      faultyStrategy((next, { clock }) => {
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
    'a transport fault is passed on and does not block other calls',
    'turns the fault into a reply',
    () =>
      faultyStrategy(
        (next) => (call) => next(call).catch(() => ({ kind: 'failed', status: 0, retryable: false, body: undefined })),
      ),
  ],
  [
    'an abort at any instant rejects the call at once with the reason, and no attempt follows',
    'ignores an abort',
    () => faultyStrategy(retrying({ ignoresAbort: true })),
  ],
  [
    'an abort at any instant rejects the call at once with the reason, and no attempt follows',
    'does not check the signal after a wait',
    () => faultyStrategy(retrying({ checksSignal: false })),
  ],
  [
    'a call that is aborted before it starts is not retried',
    'ignores an abort',
    () => faultyStrategy(retrying({ ignoresAbort: true, checksSignal: false })),
  ],
  [
    'nothing is sent at or after the deadline, and the call still gets a reply',
    'ignores the deadline',
    () => {
      const endless = (call: Call) => ({ ...call, deadline: Infinity })
      return faultyStrategy((next, env) => (call) => retrying()(next, env)(endless(call)))
    },
  ],
  [
    'nothing is sent at or after the deadline when timers are late',
    'does not check the clock after a wait',
    () => faultyStrategy(retrying({ checksClock: false })),
  ],
  [
    'the same seed gives the same attempts and settlements',
    'has random numbers that do not come from the seed',
    () => faultyStrategy(retrying({ wait: () => 100 * (1 + (waitCount++ % 7)) })),
  ],
  [
    'runs of one strategy object do not affect each other',
    'keeps its state outside wrap',
    () => {
      let waits = 0
      return faultyStrategy(retrying({ wait: () => 10 * ++waits }))
    },
  ],
]

test.each(faulty)('"%s" is broken by a strategy that %s', async (law, _fault, make) => {
  await expect((async () => strategyLaws[law]!(make))()).rejects.toThrow()
})

test.each(Object.keys(strategyLaws))('"%s" has a strategy that breaks it, and one that keeps it', async (law) => {
  expect(faulty.map(([broken]) => broken)).toContain(law)
  await strategyLaws[law]!(() => faultyStrategy(retrying()))
})
