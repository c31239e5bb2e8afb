import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { okReply, type ProviderScript, throttledReply } from '../../../../contracts/provider-script.ts'
import { exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { breaker } from '../../../../src/strategies/targets/breaker.ts'
import { RecentShare } from '../../../../src/strategies/targets/recent-share.ts'

const deniedBefore =
  (instant: number): ProviderScript =>
  (_call, _n, now) =>
    now < instant ? throttledReply() : okReply()

const every = (ms: number, calls: number) =>
  Array.from({ length: calls }, (_, id) => ({ at: ms * id, call: exampleCall(id) }))

test('opens at its share of failures and parks the line; one call finds out, and the others follow its answer', async () => {
  const strategy = breaker({ threshold: 0.5, least: 4, rest: 1000 })
  const rig = strategyRig({ strategy, script: deniedBefore(500), serviceTime: 10 })
  await rig.run(every(50, 8))
  // The fourth denial opens it at 160, and calls 4 to 7 wait for the probe at 1160.
  expect(rig.instants()).toEqual([0, 50, 100, 150, 1160, 1170, 1170, 1170])
})

test('a probe that fails makes it rest again', async () => {
  const strategy = breaker({ threshold: 0.5, least: 2, rest: 1000 })
  const rig = strategyRig({ strategy, script: deniedBefore(1500) })
  await rig.run(every(10, 4))
  expect(rig.instants()).toEqual([0, 10, 1010, 2010])
})

test('without a park its calls fail at once while it is open', async () => {
  const strategy = breaker({ threshold: 1, least: 2, rest: 1000, park: false })
  const rig = strategyRig({ strategy, script: deniedBefore(500), serviceTime: 5 })
  const settled = await rig.run(every(300, 6))
  expect(rig.instants()).toEqual([0, 300, 1500])
  expect(settled.slice(2, 5)).toEqual(
    [600, 900, 1200].map((at) => ({
      at,
      reply: { kind: 'failed', status: 0, code: 'BREAKER_OPEN', retryable: true, body: undefined },
    })),
  )
})

test('a free quota that is used up does not open it', async () => {
  const rig = strategyRig({ strategy: breaker({ least: 1 }), script: () => throttledReply('quota') })
  await rig.run(every(1, 30))
  expect(rig.attempts).toHaveLength(30)
})

test('fewer failures than its share do not open it', async () => {
  const script: ProviderScript = (call) => (call.id % 3 === 0 ? throttledReply() : okReply())
  const rig = strategyRig({ strategy: breaker({ threshold: 0.5, least: 2 }), script })
  await rig.run(every(20, 200))
  expect(rig.attempts).toHaveLength(200)
})

property.prop([fc.array(fc.record({ wait: fc.integer({ min: 0, max: 300 }), hit: fc.boolean() }), { maxLength: 200 })])(
  'the recent share is that of a list of all events, in tenths of the window',
  (events) => {
    const recent = new RecentShare(1000)
    const all: { readonly at: number; readonly hit: boolean }[] = []
    let now = 0
    for (const { wait, hit } of events) {
      now += wait
      all.push({ at: now, hit })
      const part = Math.floor(now / 100)
      const inWindow = all.filter(({ at }) => Math.floor(at / 100) > part - 10)
      const hits = inWindow.filter((event) => event.hit).length
      expect(recent.add(hit, now)).toEqual({ share: hits / inWindow.length, of: inWindow.length })
    }
  },
)

test.each([
  [{ threshold: 0 }, 'threshold'],
  [{ threshold: 1.1 }, 'threshold'],
  [{ window: 9 }, 'window'],
  [{ least: 0 }, 'least'],
  [{ rest: 0 }, 'rest'],
])('%o has a wrong option', (options, field) => {
  expect(() => breaker(options)).toThrow(field)
})
