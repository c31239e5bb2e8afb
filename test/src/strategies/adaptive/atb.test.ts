import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { failedReply, okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { atb } from '../../../../src/strategies/adaptive/atb.ts'
import { watched } from '../watched.ts'

property.prop([fc.array(fc.constantFrom('ok', '429', 'fault'), { minLength: 1, maxLength: 40 })])(
  'the rate is that of the paper after each reply',
  async (replies) => {
    const { strategy, state } = watched(atb())
    const made = { ok: okReply(), '429': throttledReply(), fault: failedReply(400, false) }
    let count = 0
    const rig = strategyRig({ strategy, script: () => made[replies[count++] ?? 'ok'] })
    let rate = 0.1
    let congested = Number.POSITIVE_INFINITY
    for (let next = 0, id = 0; next < replies.length; id++) {
      await rig.run([{ at: rig.clock.now(), call: exampleCall(id) }])
      for (; next < count; next++) {
        if (replies[next] === '429') [congested, rate] = [rate, Math.max(0.01, rate / 2)]
        else if (replies[next] !== 'fault') rate = Math.max(rate + 0.01, rate < congested ? rate * 1.5 : rate * 1.2)
      }
      expect(state('atb').perSecond).toBeCloseTo(rate, 9)
    }
  },
)

test('begins with one token, and the next comes after 10 s', async () => {
  const rig = strategyRig({ strategy: atb(), script: () => okReply(), serviceTime: 60_000 })
  await rig.run(callsAtOnce(3))
  expect(rig.instants()).toEqual([0, 10_000, 20_000])
})

test('a 429 pours the bucket out', async () => {
  const rig = strategyRig({ strategy: atb(), script: (_call, n) => (n === 0 ? throttledReply() : okReply()) })
  // The bucket has filled up to 4 by then; half of 0.1 a second leaves 20 s for the next token.
  await rig.run([{ at: 100_000, call: exampleCall(0) }])
  expect(rig.instants()).toEqual([100_000, 120_000])
})

test('has a bound, so a service without limits does not end in Infinity', async () => {
  const { strategy, state } = watched(atb())
  const rig = strategyRig({ strategy, script: () => okReply() })
  await rig.run(callsAtOnce(5000))
  expect(state('atb').perSecond).toBe(1e6)
})
