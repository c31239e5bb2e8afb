import { expect, test } from 'vitest'
import { failedReply, okReply, throttleAlways, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { inspectAi } from '../../../../src/strategies/adaptive/inspect-ai.ts'
import { watched } from '../watched.ts'

/** How many attempts began at each instant. */
const waves = (instants: readonly number[]) =>
  [...Map.groupBy(instants, (at) => at)].map(([at, all]) => [at, all.length])

test('before the first 429 each full round doubles the limit, up to the greatest', async () => {
  const rig = strategyRig({ strategy: inspectAi(), script: () => okReply(), serviceTime: 1000 })
  await rig.run(callsAtOnce(20 + 40 + 80 + 100 + 7))
  expect(waves(rig.instants())).toEqual([
    [0, 20],
    [1000, 40],
    [2000, 80],
    [3000, 100],
    [4000, 7],
  ])
})

test('answers of calls that were retried do not count', async () => {
  for (const [failures, limit] of [
    [0, 8],
    [1, 4],
  ] as const) {
    const { strategy, state } = watched(inspectAi({ start: 4, least: 1 }))
    const rig = strategyRig({
      strategy,
      script: (call, n) => (call.id === 0 && n < failures ? failedReply(503, true) : okReply()),
      serviceTime: 10,
    })
    await rig.run(callsAtOnce(4))
    expect(state('inspectAi').limit).toBe(limit)
  }
})

test('a round in which less than 80 % of the limit was in flight changes nothing', async () => {
  const { strategy, state } = watched(inspectAi())
  const rig = strategyRig({ strategy, script: () => okReply(), serviceTime: 1000 })
  const calls = (crowd: number) =>
    Array.from({ length: 4 * crowd }, (_, id) => ({
      at: rig.clock.now() + 1100 * Math.floor(id / crowd),
      call: exampleCall(id),
    }))
  await rig.run(calls(15))
  expect(state('inspectAi')).toMatchObject({ limit: 20 })
  await rig.run(calls(16))
  expect(state('inspectAi').limit).toBeGreaterThan(20)
})

test('a 429 takes a fifth, rounded down to fives, once in 15 s, and then growth is 5 % rounded up to fives', async () => {
  const { strategy, state } = watched(inspectAi({ start: 40 }))
  let isThrottling = true
  const rig = strategyRig({ strategy, script: () => (isThrottling ? throttledReply() : okReply()) })
  const send = (count: number, at: number) =>
    rig.start(Array.from({ length: count }, (_, id) => ({ at, call: exampleCall(id, { deadline: at + 1 }) })))
  const limitAt = async (at: number) => {
    await rig.clock.run(rig.clock.sleep(at - rig.clock.now()))
    return state('inspectAi').limit
  }
  send(3, 10)
  expect(await limitAt(20)).toBe(30)
  send(3, 14_000)
  expect(await limitAt(14_500)).toBe(30)
  send(3, 15_010)
  expect(await limitAt(15_020)).toBe(20)
  send(30, 31_000)
  expect(await limitAt(31_010)).toBe(15)
  isThrottling = false
  // Answers within 15 s of the cut do not count; later ones do, as long as 12 of 15 are in flight.
  send(15, 40_000)
  expect(await limitAt(40_010)).toBe(15)
})

test('growth after the first 429 adds 5 % and rounds up to fives', async () => {
  const { strategy, state } = watched(inspectAi({ start: 40 }))
  const rig = strategyRig({
    strategy,
    script: (call) => (call.id === 0 ? throttledReply() : okReply()),
    serviceTime: 1000,
  })
  await rig.run([{ at: 0, call: exampleCall(0, { deadline: 1 }) }])
  const crowd = (at: number) => Array.from({ length: 30 }, (_, id) => ({ at, call: exampleCall(id + 1) }))
  await rig.run(crowd(20_000))
  // 30 · 1.05 = 31.5.
  expect(state('inspectAi').limit).toBe(35)
})

test('the limit never falls below the least, and advice lengthens the time between cuts', async () => {
  const { strategy, state } = watched(inspectAi({ start: 20 }))
  const rig = strategyRig({ strategy, script: () => throttledReply('requests', 40_000) })
  const send = (at: number) => rig.run([{ at, call: exampleCall(0, { deadline: at + 1 }) }])
  for (const [at, limit] of [
    [0, 15],
    [39_999, 15],
    [40_000, 10],
    [80_000, 10],
  ] as const) {
    await send(at)
    expect(state('inspectAi').limit).toBe(limit)
  }
})

test('a call keeps its place through its retries, which are 3 · 2^k s apart and half an hour at most', async () => {
  const rig = strategyRig({
    strategy: inspectAi({ start: 1, least: 1, most: 1 }),
    script: (call, n) => (call.id === 0 && n < 12 ? throttledReply() : okReply()),
  })
  await rig.run(callsAtOnce(2))
  const waits = [3, 6, 12, 24, 48, 96, 192, 384, 768, 1536, 1800, 1800]
  let at = 0
  expect(rig.instants()).toEqual([0, ...waits.map((wait) => (at += 1000 * wait)), at])
  expect(rig.ids()).toEqual([...Array(13).fill(0), 1])
})

test('tries until the deadline, and returns the reply that it has', async () => {
  const rig = strategyRig({ strategy: inspectAi(), script: throttleAlways })
  const [settled] = await rig.run(callsAtOnce(1, 0, { deadline: 10_000 }))
  expect(rig.instants()).toEqual([0, 3000, 9000])
  expect(settled!.reply!.kind).toBe('throttled')
})

test('is named after its options and checks them', () => {
  expect(inspectAi().name).toBe('inspectAi(20, 10..100)')
  expect(inspectAi({ skipLate: false }).name).toBe('inspectAi(20, 10..100, late too)')
  expect(() => inspectAi({ start: 101 })).toThrow('Expected `start` to be >= 10 and <= 100, got 101')
})
