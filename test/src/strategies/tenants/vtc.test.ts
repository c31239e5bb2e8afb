import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { failedReply, okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { exampleCall, type ScheduledCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import type { Reply } from '../../../../src/core/call.ts'
import { leastServedFirst } from '../../../../src/strategies/tenants/least-served-first.ts'
import { vtc } from '../../../../src/strategies/tenants/vtc.ts'

const callOf = (id: number, tenant: string | undefined, at = 0, promptTokens = 100): ScheduledCall => ({
  at,
  call: exampleCall(id, { promptTokens, ...(tenant !== undefined && { tenant }) }),
})

test('serves tenants in turn, however many calls one of them has', async () => {
  const rig = strategyRig({ strategy: vtc({ perSecond: 1 }), script: () => okReply() })
  await rig.run(['a', 'a', 'a', 'a', undefined, 'b', 'b'].map((tenant, id) => callOf(id, tenant)))
  expect(rig.ids()).toEqual([0, 4, 5, 1, 6, 2, 3])
})

test('a tenant that comes back gets no more than its share for the time that it was away', async () => {
  const rig = strategyRig({ strategy: vtc({ perSecond: 1 }), script: () => okReply() })
  const early = Array.from({ length: 20 }, (_, id) => callOf(id, 'a'))
  const late = Array.from({ length: 6 }, (_, i) => callOf(20 + i, 'b', 9500))
  await rig.run([...early, ...late])
  expect(
    rig
      .ids()
      .slice(10, 18)
      .filter((id) => id >= 20),
  ).toHaveLength(4)
})

test('a crowd that a wide gate lets through together is fair as well', async () => {
  const rig = strategyRig({ strategy: vtc({ perSecond: 5000 }), script: () => okReply(), serviceTime: 50 })
  await rig.run(Array.from({ length: 41 }, (_, id) => callOf(id, id < 21 ? 'a' : 'b')))
  expect(
    rig
      .ids()
      .slice(1, 21)
      .filter((id) => id < 21),
  ).toHaveLength(10)
})

test('what is denied or fails costs its tenant nothing', () => {
  const order = leastServedFirst(1, 2)
  for (const reply of [throttledReply(), failedReply(500, true)]) {
    order.join({ call: exampleCall(0, { tenant: 'a' }), joined: 0 })
    order.join({ call: exampleCall(1, { tenant: 'b' }), joined: 0 })
    const { call } = order.first(0)!
    order.started!(call)
    expect(order.first(0)!.call.tenant).not.toBe(call.tenant)
    order.ended!(call, reply)
    order.started!(exampleCall(2, { tenant: call.tenant === 'a' ? 'b' : 'a', promptTokens: 1 }))
    expect(order.first(0)!.call.tenant).toBe(call.tenant)
  }
})

const lengths = fc.record({ prompt: fc.integer({ min: 1, max: 500 }), output: fc.integer({ min: 0, max: 300 }) })
const weights = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })).filter(([p, q]) => p + q > 0)

test.prop([weights, fc.array(fc.array(lengths, { minLength: 30, maxLength: 30 }), { minLength: 2, maxLength: 4 })], {
  numRuns: 60,
})(
  'tenants that always have calls waiting differ by less than the most that one call costs',
  async ([promptWeight, outputWeight], tenants) => {
    // The first call takes the only slot that is free at once, so that all others wait.
    const all = [
      { prompt: 0, output: 0, tenant: 'first' },
      ...tenants.flatMap((calls, tenant) => calls.map((length) => ({ ...length, tenant: `${tenant}` }))),
    ]
    const rig = strategyRig({
      strategy: vtc({ perSecond: 10, promptWeight, outputWeight }),
      script: ({ id, promptTokens }) => ({ ...okReply(), usage: { promptTokens, outputTokens: all[id]!.output } }),
    })
    await rig.run(all.map(({ tenant, prompt }, id) => callOf(id, tenant, 0, prompt)))
    const costOf = ({ prompt, output }: (typeof all)[number]) => promptWeight * prompt + outputWeight * output
    const most = Math.max(...all.map(costOf))
    const left = tenants.map((calls) => calls.length)
    const served = tenants.map(() => 0)
    for (const id of rig.ids().slice(1)) {
      const tenant = +all[id]!.tenant
      served[tenant]! += costOf(all[id]!)
      if (--left[tenant]! === 0) break
      expect(Math.max(...served) - Math.min(...served)).toBeLessThanOrEqual(most)
    }
  },
)

test('remembers who owes, whatever crowd of other tenants comes and goes', () => {
  const order = leastServedFirst(1, 2)
  const place = (tenant: string, promptTokens: number) => ({
    call: exampleCall(0, { tenant, promptTokens }),
    joined: 0,
  })
  const serve = ({ call }: ReturnType<typeof place>) => {
    order.started!(call)
    order.ended!(call, { ...okReply(), usage: { promptTokens: call.promptTokens, outputTokens: 0 } } as Reply)
  }
  const patient = place('patient', 10)
  order.join(patient)
  serve(place('owes', 1_000_000))
  for (let i = 0; i < 5000; i++) serve(place(`${i}`, 1))
  const owing = place('owes', 10)
  order.join(owing)
  for (let i = 0; i < 10; i++) {
    expect(order.first(0)).toBe(patient)
    serve(patient)
  }
})

test('is named after its options and checks them', () => {
  expect(vtc({ perSecond: 9 }).name).toBe('vtc(9/s, 1:2)')
  expect(() => vtc({ perSecond: 9, promptWeight: -1 })).toThrow('Expected `promptWeight` to be >= 0')
  expect(() => vtc({ perSecond: 9, outputWeight: Number.NaN })).toThrow('Expected `outputWeight` to be a finite number')
  expect(() => vtc({ perSecond: 0 })).toThrow('Expected `perSecond` to be > 0, got 0')
})
