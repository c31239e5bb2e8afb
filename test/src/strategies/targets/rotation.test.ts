import { expect, test } from 'vitest'
import {
  failedReply,
  okReply,
  type ProviderScript,
  throttleAlways,
  throttledReply,
} from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { lateClock, stubRandom } from '../../../../contracts/stub-env.ts'
import { rotation } from '../../../../src/strategies/targets/rotation.ts'

const keys = ['a', 'b', 'c']
const half = stubRandom(0.5)

function sent(lab: ReturnType<typeof strategyRig>) {
  return lab.attempts.map(({ at, call }) => `${at} ${call.target.key}`)
}

test('calls start in turn at one key after another', async () => {
  const lab = strategyRig({ strategy: rotation({ keys }), script: () => okReply() })
  await lab.run(callsAtOnce(5))
  expect(sent(lab)).toEqual(['0 a', '0 b', '0 c', '0 a', '0 b'])
})

test('a throttled call tries the next key at once, each key once a round, whatever the others do', async () => {
  const lab = strategyRig({ strategy: rotation({ keys, attempts: 3 }), script: throttleAlways, serviceTime: 20 })
  await lab.run(callsAtOnce(2))
  expect(sent(lab)).toEqual(['0 a', '0 b', '20 b', '20 c', '40 c', '40 a'])
})

test('after a whole round was denied, it waits with full jitter and goes round again', async () => {
  const lab = strategyRig({ strategy: rotation({ keys, attempts: 7 }), script: throttleAlways, random: half })
  const [outcome] = await lab.run(callsAtOnce(1))
  // u · 1000, then u · 2000; each round starts at the next key.
  expect(sent(lab)).toEqual(['0 a', '0 b', '0 c', '500 b', '500 c', '500 a', '1500 c'])
  expect(outcome).toMatchObject({ at: 1500, reply: { kind: 'throttled' } })
})

test.each<[string, ProviderScript, number]>([
  ['the shortest advice of the round counts', (_call, n) => throttledReply('requests', [9000, 3000, 5000][n]), 3000],
  ['but the backoff is the least', (_call, n) => throttledReply('requests', [9000, 100, 5000][n]), 500],
  [
    'a key without advice may be free any time',
    (_call, n) => throttledReply('requests', [9000, undefined, 5000][n]),
    500,
  ],
])('%s', async (_what, script, wait) => {
  const lab = strategyRig({ strategy: rotation({ keys, attempts: 4 }), script, random: half })
  await lab.run(callsAtOnce(1))
  expect(lab.instants()).toEqual([0, 0, 0, wait])
})

test('gives up when the free quota of every key is used up, not of one', async () => {
  const all = strategyRig({ strategy: rotation({ keys }), script: () => throttledReply('quota') })
  const [outcome] = await all.run(callsAtOnce(1))
  expect(all.instants()).toEqual([0, 0, 0])
  expect(outcome).toMatchObject({ reply: { cause: 'quota' } })

  const script: ProviderScript = (call) => throttledReply(call.target.key === 'b' ? 'requests' : 'quota')
  const one = strategyRig({ strategy: rotation({ keys, attempts: 6 }), script })
  await one.run(callsAtOnce(1))
  expect(one.attempts).toHaveLength(6)
})

test('with one key it is a retry with full jitter', async () => {
  const lab = strategyRig({ strategy: rotation({ keys: ['a'], attempts: 4 }), script: throttleAlways, random: half })
  await lab.run(callsAtOnce(1))
  expect(lab.instants()).toEqual([0, 500, 1500, 3500])
})

test('knows the deadline, between keys and before a wait', async () => {
  const lab = strategyRig({ strategy: rotation({ keys }), script: throttleAlways, serviceTime: 20, random: half })
  const outcomes = await lab.run([
    { at: 0, call: exampleCall(0, { deadline: 40 }) },
    { at: 1000, call: exampleCall(1, { deadline: 1560 }) },
  ])
  expect(lab.ids()).toEqual([0, 0, 1, 1, 1])
  expect(outcomes[0]).toMatchObject({ at: 40, reply: { kind: 'throttled' } })
  expect(outcomes[1]).toMatchObject({ at: 1060, reply: { kind: 'throttled' } })
})

test('rotates on nothing but a 429', async () => {
  const lab = strategyRig({ strategy: rotation({ keys }), script: () => failedReply(503, true) })
  await lab.run(callsAtOnce(1))
  expect(lab.attempts).toHaveLength(1)
})

test('a timer that was late past the deadline is noticed', async () => {
  let attempts = 0
  const given = throttledReply()
  const send = rotation({ keys: ['a'] }).wrap(
    async () => {
      attempts++
      return given
    },
    { clock: lateClock(5), random: stubRandom(0.999) },
  )
  expect(await send(exampleCall(0, { deadline: 1003 }))).toBe(given)
  expect(attempts).toBe(1)
})

test('is named after its options, never its keys, and checks them', () => {
  expect(rotation({ keys }).name).toBe('rotation(3 keys, 30)')
  expect(rotation({ keys, attempts: 5, cap: 8000 }).name).toBe('rotation(3 keys, 5, 1000..8000 ms)')
  expect(() => rotation({ keys: [] })).toThrow('Expected `keys` to be a list')
  expect(() => rotation({ keys, attempts: 0 })).toThrow('Expected `attempts` to be >= 1, got 0')
})
