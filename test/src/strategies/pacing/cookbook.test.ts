import { expect, test } from 'vitest'
import { okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { cookbook } from '../../../../src/strategies/pacing/cookbook.ts'

test('its full buckets let a whole minute go at once, and then one each interval', async () => {
  const rig = strategyRig({ strategy: cookbook({ rpm: 6, tpm: 1e6 }), script: () => okReply() })
  await rig.run(callsAtOnce(8))
  expect(rig.instants()).toEqual([0, 0, 0, 0, 0, 0, 10_000, 20_000])
})

test('takes max_tokens, whatever the answer uses', async () => {
  const rig = strategyRig({ strategy: cookbook({ rpm: 600, tpm: 6000 }), script: () => okReply() })
  await rig.run(callsAtOnce(3, 0, { promptTokens: 1000, maxTokens: 2000 }))
  expect(rig.instants()).toEqual([0, 0, 30_000])
})

test('a 429 stops everything for 15 s', async () => {
  const rig = strategyRig({
    strategy: cookbook({ rpm: 60, tpm: 1e6 }),
    script: (call) => (call.id === 60 ? throttledReply() : okReply()),
    serviceTime: 30,
  })
  await rig.run([...callsAtOnce(63), { at: 1010, call: exampleCall(63) }])
  expect(rig.instants().slice(60)).toEqual([1000, 16_030, 16_030, 16_030])
})

test('counts a rate below one a minute', async () => {
  const rig = strategyRig({ strategy: cookbook({ rpm: 0.5, tpm: 1e6 }), script: () => okReply() })
  await rig.run(callsAtOnce(3))
  expect(rig.instants()).toEqual([0, 120_000, 240_000])
})

test('keeps no account of tokens where there is no limit of them', async () => {
  const rig = strategyRig({ strategy: cookbook({ rpm: 600 }), script: () => okReply() })
  await rig.run(callsAtOnce(3, 0, { promptTokens: 1e9 }))
  expect(rig.instants()).toEqual([0, 0, 0])
})

test('is named after its options and checks them', () => {
  expect(cookbook({ rpm: 600, tpm: 1e6 }).name).toBe('cookbook(600/min, 1000000 tokens/min, 15000 ms)')
  expect(cookbook({ rpm: 600 }).name).toBe('cookbook(600/min, 15000 ms)')
  expect(() => cookbook({ rpm: 0, tpm: 1 })).toThrow('Expected `rpm` to be > 0, got 0')
  expect(() => cookbook({ rpm: 1, tpm: Number.NaN })).toThrow('Expected `tpm` to be a finite number > 0, got NaN')
  expect(() => cookbook({ rpm: 1, tpm: 1, pause: -1 })).toThrow('Expected `pause` to be >= 0')
})
