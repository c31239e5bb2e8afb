import { describe, expect, test } from 'vitest'
import {
  failedReply,
  okReply,
  throttleAlways,
  throttledReply,
  throttleFirst,
} from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { lateClock, stubRandom } from '../../../../contracts/stub-env.ts'
import { retry } from '../../../../src/strategies/retry/retry.ts'

describe('waits after each law, u = 1/2', () => {
  test.each([
    ['none', [0, 1000, 3000, 7000, 15_000]],
    ['full', [0, 500, 1500, 3500, 7500]],
    ['equal', [0, 750, 2250, 5250, 11_250]],
    // 2000, then (1000 + 6000) / 2, (1000 + 10 500) / 2, (1000 + 17 250) / 2.
    ['decorrelated', [0, 2000, 5500, 11_250, 20_375]],
  ] as const)('%s', async (jitter, instants) => {
    const lab = strategyRig({
      strategy: retry({ attempts: 5, jitter }),
      script: throttleAlways,
      random: stubRandom(0.5),
    })
    await lab.run(callsAtOnce(1))
    expect(lab.instants()).toEqual(instants)
  })
})

test('no wait exceeds the cap', async () => {
  const strategy = retry({ attempts: 5, jitter: 'none', base: 100, cap: 250 })
  const lab = strategyRig({ strategy, script: throttleAlways })
  await lab.run(callsAtOnce(1))
  expect(lab.instants()).toEqual([0, 100, 300, 550, 800])
})

test('decorrelated waits grow from the exact wait before, not from the rounded one, and start anew for each call', async () => {
  const strategy = retry({ attempts: 3, jitter: 'decorrelated', base: 1 })
  const lab = strategyRig({ strategy, script: throttleAlways, random: stubRandom(0.25) })
  await lab.run([0, 100].map((at, id) => ({ at, call: exampleCall(id) })))
  // 1.5, then 1 + (4.5 - 1) / 4 = 1.875: 2 ms each.
  expect(lab.instants()).toEqual([0, 2, 4, 100, 102, 104])
})

test('makes at most `attempts`, then hands the last reply on', async () => {
  const replies = [0, 1, 2].map(() => throttledReply())
  const lab = strategyRig({ strategy: retry({ attempts: 3 }), script: (_call, n) => replies[n]! })
  const [outcome] = await lab.run(callsAtOnce(1))
  expect(lab.attempts).toHaveLength(3)
  expect(outcome!.reply).toBe(replies[2])
})

test.each([
  ['requests', throttledReply('requests'), 2],
  ['tokens (insufficient_quota: passes)', throttledReply('tokens'), 2],
  ['burst', throttledReply('burst'), 2],
  ['no cause given', { kind: 'throttled', body: {} } as const, 2],
  ['the free quota is used up', throttledReply('quota'), 1],
  ['503', failedReply(503, true), 2],
  ['400', failedReply(400, false), 1],
])('%s', async (_what, reply, attempts) => {
  const lab = strategyRig({ strategy: retry(), script: (_call, n) => (n === 0 ? reply : okReply()) })
  await lab.run(callsAtOnce(1))
  expect(lab.attempts).toHaveLength(attempts)
})

test('advice is the least it waits', async () => {
  const advised = [5000, 100, 1000.5]
  const lab = strategyRig({
    strategy: retry({ jitter: 'none' }),
    script: (_call, n) => (n < 3 ? throttledReply('requests', advised[n]) : okReply()),
  })
  await lab.run(callsAtOnce(1))
  // 1000 advised 5000; 2000 advised 100; 4000 advised 1000.5.
  expect(lab.instants()).toEqual([0, 5000, 7000, 11_000])
})

test('advice is followed up to `longestAdvice`', async () => {
  const lab = strategyRig({
    strategy: retry({ attempts: 3, jitter: 'none', longestAdvice: 5000 }),
    script: (_call, n) => throttledReply('requests', [4000, 86_400_000][n]),
  })
  await lab.run(callsAtOnce(1))
  expect(lab.instants()).toEqual([0, 4000, 9000])
})

test('fractional advice is rounded up', async () => {
  const lab = strategyRig({
    strategy: retry({ jitter: 'none' }),
    script: (_call, n) => (n < 1 ? throttledReply('requests', 1000.5) : okReply()),
  })
  await lab.run(callsAtOnce(1))
  expect(lab.instants()).toEqual([0, 1001])
})

test.each([
  [1000, [0], 0],
  [1001, [0, 1000], 1000],
])('with a deadline at %d it gives up as soon as the wait would not end before it', async (deadline, instants, at) => {
  const lab = strategyRig({ strategy: retry({ jitter: 'none' }), script: throttleAlways })
  const [outcome] = await lab.run(callsAtOnce(1, 0, { deadline }))
  expect(lab.instants()).toEqual(instants)
  expect(outcome).toMatchObject({ at, reply: { kind: 'throttled' } })
})

test('calls are independent', async () => {
  const lab = strategyRig({ strategy: retry({ jitter: 'none' }), script: throttleFirst(2) })
  await lab.run([0, 200].map((at, id) => ({ at, call: exampleCall(id) })))
  expect(lab.instants()).toEqual([0, 200, 1000, 1200, 3000, 3200])
})

test('a timer that was late past the deadline is noticed', async () => {
  let attempts = 0
  const given = throttledReply()
  const send = retry({ jitter: 'none' }).wrap(
    async () => {
      attempts++
      return given
    },
    { clock: lateClock(5), random: stubRandom(0.5) },
  )
  expect(await send(exampleCall(0, { deadline: 1003 }))).toBe(given)
  expect(attempts).toBe(1)
})

test('is named after its options and checks them', () => {
  expect(retry().name).toBe('retry(10, full)')
  expect(retry({ attempts: 3, jitter: 'none', base: 500, cap: 8000 }).name).toBe('retry(3, none, 500..8000 ms)')
  expect(retry({ longestAdvice: 120_000 }).name).toBe('retry(10, full, advice..120000 ms)')
  expect(() => retry({ longestAdvice: -1 })).toThrow('Expected `longestAdvice` to be >= 0 and <= 1000000000000, got -1')
  expect(() => retry({ attempts: 0 })).toThrow('Expected `attempts` to be >= 1, got 0')
  expect(() => retry({ base: -1 })).toThrow('Expected `base` to be > 0, got -1')
  expect(() => retry({ jitter: 'some' as 'full' })).toThrow('Expected `jitter` to be one of')
})
