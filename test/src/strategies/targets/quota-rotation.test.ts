import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { okReply, type ProviderScript, slidingWindow, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import type { Limit } from '../../../../src/core/limit.ts'
import { type KeyChoice, quotaRotation } from '../../../../src/strategies/targets/quota-rotation.ts'

const keys = ['a', 'b', 'c']
const limits: readonly Limit[] = [{ rule: 'rps', limit: 2, window: 1000 }]
const choices: readonly KeyChoice[] = ['turn', 'random', 'least-busy', 'least-used']

function sent(rig: ReturnType<typeof strategyRig>) {
  return rig.attempts.map(({ at, call }) => `${at} ${call.target.key}`)
}

/** A provider with a sliding window for each key. */
function perKey(limit: number, window: number): ProviderScript {
  const scripts = new Map(keys.map((key) => [key, slidingWindow(limit, window)]))
  return (call, n, now) => scripts.get(call.target.key)!(call, n, now)
}

test('callers who come together do not all choose the same key, and wait when all windows are full', async () => {
  const rig = strategyRig({ strategy: quotaRotation({ keys, limits }), script: perKey(2, 1000) })
  await rig.run(callsAtOnce(8))
  // The pad of the mirror is 30 ms.
  expect(sent(rig)).toEqual(['0 a', '0 b', '0 c', '0 a', '0 b', '0 c', '1030 a', '1030 b'])
})

test('a key that denies rests, and the calls go elsewhere meanwhile', async () => {
  const script: ProviderScript = (call, _n, now) =>
    call.target.key === 'a' && now < 500 ? throttledReply() : okReply()
  const strategy = quotaRotation({ keys: ['a', 'b'], cooldown: 1000 })
  const rig = strategyRig({ strategy, script, serviceTime: 100 })
  await rig.run([0, 500, 1050, 1150].map((at, id) => ({ at, call: exampleCall(id) })))
  // Key a is denied at 100 and rests until 1100.
  expect(sent(rig)).toEqual(['0 a', '100 b', '500 b', '1050 b', '1150 a'])
})

test('advice that is longer than the rest counts', async () => {
  const script: ProviderScript = (_call, n) => (n === 0 ? throttledReply('requests', 4000) : okReply())
  const rig = strategyRig({ strategy: quotaRotation({ keys: ['a'] }), script })
  await rig.run(callsAtOnce(1))
  expect(rig.instants()).toEqual([0, 4000])
})

test('a key whose free quota is used up is left out, and the last refusal is returned when all are', async () => {
  const partly = strategyRig({
    strategy: quotaRotation({ keys: ['a', 'b'] }),
    script: (call) => (call.target.key === 'a' ? throttledReply('quota') : okReply()),
  })
  await partly.run(callsAtOnce(4))
  expect(sent(partly).filter((each) => each.endsWith('a'))).toHaveLength(2)

  const whole = strategyRig({ strategy: quotaRotation({ keys: ['a', 'b'] }), script: () => throttledReply('quota') })
  const [settled] = await whole.run(callsAtOnce(1))
  expect(settled).toMatchObject({ at: 0, reply: { kind: 'throttled', cause: 'quota' } })
  expect(sent(whole)).toEqual(['0 a', '0 b'])
})

test.each<[KeyChoice, string]>([
  ['turn', 'a b a b a'],
  // At 1005 both keys have one call in flight, and at 1012 key b has none.
  ['least-busy', 'a b a a b'],
  ['least-used', 'a b a b a'],
])('chooses by %s', async (choose, expected) => {
  const strategy = quotaRotation({ keys: ['a', 'b'], choose })
  const rig = strategyRig({ strategy, script: () => okReply(), serviceTime: 1000 })
  await rig.run([0, 10, 20, 1005, 1012].map((at, id) => ({ at, call: exampleCall(id) })))
  expect(rig.attempts.map(({ call }) => call.target.key).join(' ')).toBe(expected)
})

test('every key gets its share under a random choice', async () => {
  const rig = strategyRig({ strategy: quotaRotation({ keys, choose: 'random' }), script: () => okReply() })
  await rig.run(callsAtOnce(3000))
  for (const key of keys) {
    const share = rig.attempts.filter(({ call }) => call.target.key === key).length / 3000
    expect(Math.abs(share - 1 / 3)).toBeLessThan(0.05)
  }
})

describe('without delays', () => {
  property.prop([
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 3 }),
    fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 60 }),
    fc.constantFrom(...choices),
  ])('no window of any key is exceeded, so that nothing is denied', async (limit, seconds, arrivals, choose) => {
    const window = 1000 * seconds
    const told: readonly Limit[] = [{ rule: 'rps', limit, window }]
    const rig = strategyRig({ strategy: quotaRotation({ keys, limits: told, choose }), script: perKey(limit, window) })
    const settled = await rig.run(arrivals.map((at, id) => ({ at, call: exampleCall(id) })))
    expect(settled.every(({ reply }) => reply?.kind === 'ok')).toBe(true)
    expect(rig.attempts).toHaveLength(arrivals.length)
  })

  property.prop([
    fc.integer({ min: 1, max: 4 }),
    fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 40 }),
  ])('one key is a window mirror of its own', async (limit, arrivals) => {
    const told: readonly Limit[] = [{ rule: 'rps', limit, window: 1000 }]
    const calls = arrivals.sort((a, b) => a - b).map((at, id) => ({ at, call: exampleCall(id) }))
    const rig = strategyRig({ strategy: quotaRotation({ keys: ['a'], limits: told }), script: () => okReply() })
    await rig.run(calls)
    // The k-th call goes when it has come and the one `limit` places before it has left the padded window.
    const expected: number[] = []
    for (const [k, at] of arrivals.entries())
      expected.push(Math.max(at, expected[k - 1] ?? 0, k >= limit ? expected[k - limit]! + 1030 : 0))
    expect(rig.instants()).toEqual(expected)
  })
})

test.each([
  [{ keys: [] }, 'keys'],
  [{ keys, cooldown: 0 }, 'cooldown'],
  [{ keys, attempts: 0 }, 'attempts'],
  [{ keys, choose: 'best' as KeyChoice }, 'choose'],
  [{ keys, limits: [] }, 'limits'],
])('%o has a wrong option', (options, field) => {
  expect(() => quotaRotation(options)).toThrow(field)
})
