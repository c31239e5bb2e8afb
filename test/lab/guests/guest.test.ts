import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failedReply, okReply, throttledReply } from '../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../contracts/strategy-rig.ts'
import { type GuestSend, guest, isNotOk, mayTryAgain, notOk } from '../../../lab/guests/guest.ts'
import { hostGuests } from '../../../lab/guests/guest-time.ts'
import { guestPQueue } from '../../../lab/guests/p-queue.ts'
import type { Clock } from '../../../src/core/clock.ts'
import { seeded } from '../../../src/core/random.ts'
import { systemClock } from '../../../src/core/system-clock.ts'
import { expired } from '../../../src/strategies/wait.ts'

let release = () => {}
beforeEach(() => {
  release = hostGuests()
})
afterEach(() => release())

const rigOf = (send: GuestSend, script = () => throttledReply()) =>
  strategyRig({ strategy: guest('guest', () => send), script })

describe('the reply to a call of a guest', () => {
  test('is the last that an attempt got, whatever the library makes of it', async () => {
    const last = throttledReply('tokens')
    for (const library of [() => 'something', () => Promise.reject(new Error('gave up'))]) {
      const rig = rigOf(
        async (attempt) => {
          await attempt().catch(() => {})
          await attempt().catch(() => {})
          return library()
        },
        () => last,
      )
      const [settled] = await rig.run(callsAtOnce(1))
      expect(settled!.reply).toBe(last)
      expect(rig.attempts).toHaveLength(2)
    }
  })

  test('is the library’s error when it sends nothing, and its reply when it stands for one', async () => {
    const defect = new TypeError('a defect')
    expect(await rigOf(() => Promise.reject(defect)).run(callsAtOnce(1))).toEqual([{ at: 0, error: defect }])
    const reply = failedReply(0, true)
    expect(await rigOf(() => Promise.reject(notOk(reply))).run(callsAtOnce(1))).toEqual([{ at: 0, reply }])
  })

  test('is that of a call which was not sent, when the deadline comes first', async () => {
    const rig = rigOf(
      async (attempt) => {
        await new Promise((resolve) => setTimeout(resolve, 50))
        return attempt()
      },
      () => okReply(),
    )
    expect(await rig.run(callsAtOnce(1, 0, { deadline: 50 }))).toEqual([{ at: 50, reply: expired }])
    expect(rig.attempts).toEqual([])
    expect(await rig.run(callsAtOnce(1, 50, { deadline: 101 }))).toMatchObject([{ at: 100, reply: { kind: 'ok' } }])
  })
})

test('what listens to the end of a call is a guest, too, although its caller is none', async () => {
  const seen: number[] = []
  const rig = rigOf((_attempt, signal) => {
    signal.addEventListener('abort', () => seen.push(Date.now() - 1.7e12))
    return new Promise(() => {})
  })
  const abort = new AbortController()
  rig.at(40, () => abort.abort('gone'))
  expect(await rig.run([{ at: 0, call: exampleCall(0, { signal: abort.signal }) }])).toEqual([
    { at: 40, error: 'gone' },
  ])
  expect(seen).toEqual([40])
})

test('what is beneath a guest is none: what it sends through, and a clock that reads the platform', async () => {
  const seen: boolean[] = []
  const isReal = () => seen.push(Date.now() > 1.75e12)
  const clock: Clock = { now: systemClock.now, sleep: (ms, signal) => systemClock.sleep(ms / 1000, signal) }
  const next = async () => {
    isReal()
    await new Promise((resolve) => setTimeout(resolve, 1))
    isReal()
    return okReply()
  }
  const waiting = guest('guest', () => async (attempt) => {
    await new Promise((resolve) => setTimeout(resolve, 2000))
    return attempt()
  })
  const reply = await waiting.wrap(next, { clock, random: seeded(1) })(exampleCall(0))
  expect(reply.kind).toBe('ok')
  expect(seen).toEqual([true, true])
})

test('a strict p-queue keeps its window when a call leaves it', async () => {
  const abort = new AbortController()
  const rig = strategyRig({
    strategy: guestPQueue({ intervalCap: 1, interval: 1000, strict: true }),
    script: () => okReply(),
  })
  rig.at(100, () => abort.abort('gone'))
  await rig.run(
    callsAtOnce(5).map((each, i) => (i === 2 ? { ...each, call: exampleCall(2, { signal: abort.signal }) } : each)),
  )
  expect(rig.attempts.map(({ at, call }) => [at, call.id])).toEqual([
    [0, 0],
    [1000, 1],
    [2000, 3],
    [3000, 4],
  ])
})

test('a guest may try again where another reply can come', () => {
  expect(mayTryAgain(new Error('socket hang up'))).toBe(true)
  expect(
    [throttledReply(), throttledReply('tokens'), failedReply(500, true)].map((each) => mayTryAgain(notOk(each))),
  ).toEqual([true, true, true])
  expect([throttledReply('quota'), failedReply(400, false)].map((each) => mayTryAgain(notOk(each)))).toEqual([
    false,
    false,
  ])
  expect([notOk(expired), new Error('x'), 'text', undefined].map(isNotOk)).toEqual([true, false, false, false])
})
