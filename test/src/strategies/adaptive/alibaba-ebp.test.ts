import { expect, test } from 'vitest'
import { failedReply, okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import type { Reply } from '../../../../src/core/call.ts'
import { alibabaEbp } from '../../../../src/strategies/adaptive/alibaba-ebp.ts'
import { watched } from '../watched.ts'

const limitOf = (state: { readonly [name: string]: unknown }) => state.limit as number

test('an error takes 30 %, once for its flight, and nothing is sent for 2 s', async () => {
  const { strategy, state } = watched(alibabaEbp({ start: 10 }))
  const rig = strategyRig({ strategy, script: (_call, n) => (n === 0 ? throttledReply() : okReply()), serviceTime: 20 })
  const run = rig.start(callsAtOnce(10))
  await rig.clock.run(rig.clock.sleep(1000))
  expect(limitOf(state('alibabaEbp'))).toBeCloseTo(7, 9)
  await rig.clock.run(run)
  const later = rig.instants().filter((at) => at > 0)
  expect(Math.min(...later)).toBeGreaterThanOrEqual(2020)
})

test('a fault of one call says nothing of the service', async () => {
  const { strategy, state } = watched(alibabaEbp({ start: 10 }))
  const rig = strategyRig({ strategy, script: () => failedReply(400, false) })
  await rig.run(callsAtOnce(1))
  expect(state('alibabaEbp').limit).toBe(10)
})

test('rises by 30 % a second at most, and never above what throughput and latency carry', async () => {
  const { strategy, state } = watched(alibabaEbp({ start: 4 }))
  const rig = strategyRig({ strategy, script: () => okReply(), serviceTime: 1000 })
  const run = rig.start(callsAtOnce(2000))
  let before = 4
  for (let second = 1; second < 40; second++) {
    await rig.clock.run(rig.clock.sleep(1000))
    const limit = limitOf(state('alibabaEbp'))
    expect(limit).toBeLessThanOrEqual(before * 1.3 * 1.3)
    expect(limit).toBeGreaterThanOrEqual(before)
    before = limit
  }
  expect(before).toBeGreaterThan(8)
  await rig.clock.run(run)
})

test('a slow answer holds the limit', async () => {
  const usage = (outputTokens: number): Reply => ({ ...okReply(), usage: { promptTokens: 1, outputTokens } }) as Reply
  // Each answer takes a second: 10 tokens are normal, and one with 4 tokens is more than twice as slow.
  for (const [last, grows] of [
    [10, true],
    [4, false],
  ] as const) {
    const { strategy, state } = watched(alibabaEbp({ start: 1 }))
    const rig = strategyRig({ strategy, script: (call) => usage(call.id < 8 ? 10 : last), serviceTime: 1000 })
    await rig.run(callsAtOnce(8))
    const before = limitOf(state('alibabaEbp'))
    await rig.run([{ at: rig.clock.now(), call: exampleCall(8) }])
    expect(limitOf(state('alibabaEbp')) > before).toBe(grows)
  }
})

test('idle time takes 30 % for each 10 s, down to 1, and the first wait does not', async () => {
  const { strategy, state } = watched(alibabaEbp({ start: 10 }))
  const rig = strategyRig({ strategy, script: () => okReply() })
  await rig.run([{ at: 500_000, call: exampleCall(0) }])
  const before = limitOf(state('alibabaEbp'))
  expect(before).toBeGreaterThanOrEqual(10)
  await rig.run([{ at: 500_000 + 29_999, call: exampleCall(1, { deadline: 530_000 }) }])
  expect(limitOf(state('alibabaEbp'))).toBeCloseTo(before * 0.49, 9)
  await rig.run([{ at: 900_000, call: exampleCall(2) }])
  expect(limitOf(state('alibabaEbp'))).toBe(1)
})

test('a limit of 1 is not for ever', async () => {
  const { strategy, state } = watched(alibabaEbp({ start: 1 }))
  const rig = strategyRig({ strategy, script: () => okReply(), serviceTime: 4000 })
  await rig.run(callsAtOnce(60))
  expect(limitOf(state('alibabaEbp'))).toBeGreaterThan(2)
})

test('is named after its options and checks them', () => {
  expect(alibabaEbp().name).toBe('alibabaEbp(4..200)')
  expect(() => alibabaEbp({ start: 0 })).toThrow('Expected `start` to be >= 1 and <= 200, got 0')
})
