import { expect, test } from 'vitest'
import { failedReply, okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { stubRandom } from '../../../../contracts/stub-env.ts'
import type { Cause } from '../../../../src/core/call.ts'
import { errorAware } from '../../../../src/strategies/adaptive/error-aware.ts'
import { watched } from '../watched.ts'

/** Sends three calls of which the first is denied once, at 10 a second, and returns when they were sent and the state after the denial. */
async function afterDenial(cause: Cause | undefined, u = 0.5) {
  const { strategy, state } = watched(errorAware({ start: 10, increase: 0 }))
  const denial = cause ? throttledReply(cause) : ({ kind: 'throttled', body: {} } as const)
  const rig = strategyRig({
    strategy,
    script: (call, n) => (call.id === 0 && n === 0 ? denial : okReply()),
    serviceTime: 20,
    random: stubRandom(u),
  })
  const run = rig.start(callsAtOnce(3))
  await rig.clock.run(rig.clock.sleep(21))
  const denied = state('errorAware')
  const settled = await rig.clock.run(run)
  return { denied, instants: rig.instants(), ids: rig.ids(), settled }
}

test.each(['requests', undefined] as const)('a 429 of cause %s cuts the rate by a tenth', async (cause) => {
  const { denied, instants, ids } = await afterDenial(cause)
  expect(denied).toMatchObject({ perSecond: 9, isSlowStart: false })
  expect(ids).toEqual([0, 0, 1, 2])
  expect(instants.slice(0, 2)).toEqual([0, 100])
})

test.each([
  [0, 520],
  [0.5, 770],
])('a 429 of tokens keeps the rate and holds the line for 1 s · (1 + %d) ÷ 2', async (u, at) => {
  const { denied, instants, ids } = await afterDenial('tokens', u)
  expect(denied).toMatchObject({ perSecond: 10, isSlowStart: true, lastCause: 'tokens' })
  expect(instants[1]).toBe(at)
  expect(ids).toEqual([0, 0, 1, 2])
})

test.each([
  [0, 1020],
  [0.5, 1520],
])('a 429 of the burst guard halves the rate, holds the line for 1 + %d s and starts slowly', async (u, at) => {
  const { denied, instants } = await afterDenial('burst', u)
  expect(denied).toMatchObject({ perSecond: 5, isSlowStart: true })
  expect(instants[1]).toBe(at)
})

test('a 429 of the free quota, and a fault of the account, end the call and hold up nobody', async () => {
  const faults = [throttledReply('quota'), { ...failedReply(400, false), code: 'Arrearage' }]
  for (const fault of faults) {
    const rig = strategyRig({
      strategy: errorAware({ start: 10 }),
      script: (call) => (call.id === 0 ? fault : okReply()),
    })
    const settled = await rig.run(callsAtOnce(2))
    expect(settled[0]!.reply).toBe(fault)
    expect(rig.ids()).toEqual([0, 1])
    expect(rig.instants()).toEqual([0, 100])
  }
})

test.each([
  [3000, 3020],
  [500_000, 120_020],
])('advice of %d ms holds the line, 120 s at most', async (advised, second) => {
  const rig = strategyRig({
    strategy: errorAware({ start: 10 }),
    script: (call, n) => (call.id === 0 && n === 0 ? throttledReply('requests', advised) : okReply()),
    serviceTime: 20,
  })
  await rig.run(callsAtOnce(2))
  expect(rig.instants().slice(0, 2)).toEqual([0, second])
})

test('pauses for tokens double up to 15 s while each attempt is denied, and begin anew after an answer', async () => {
  const denials = 7
  const rig = strategyRig({
    strategy: errorAware({ start: 10 }),
    script: (call, n) => (n < (call.id === 0 ? denials : 1) ? throttledReply('tokens') : okReply()),
    random: stubRandom(0),
  })
  await rig.run([
    { at: 0, call: exampleCall(0) },
    { at: 200_000, call: exampleCall(1) },
  ])
  const halves = [500, 1000, 2000, 4000, 7500, 7500, 7500]
  let at = 0
  expect(rig.instants()).toEqual([0, ...halves.map((half) => (at += half)), 200_000, 200_500])
})

test('the denials of one flight are one', async () => {
  const { strategy, state } = watched(errorAware({ start: 1000 }))
  const rig = strategyRig({
    strategy,
    script: (_call, _n, now) => (now < 10 ? throttledReply('tokens') : okReply()),
    serviceTime: 50,
    random: stubRandom(0),
  })
  await rig.run(callsAtOnce(10))
  // Ten denials at once, and the pause of a single one: half a second after the first of them.
  expect(rig.instants()[10]).toBe(550)
  expect(state('errorAware').lastCause).toBe('tokens')
})

test('is named after its options and checks them', () => {
  expect(errorAware().name).toBe('errorAware(1/s, x2 in 4000 ms, +0.01/s, x0.9, >= 0.1/s)')
  expect(() => errorAware({ floor: 0 })).toThrow('Expected `floor` to be > 0, got 0')
})
