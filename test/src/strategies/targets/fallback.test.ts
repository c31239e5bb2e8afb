import { expect, test } from 'vitest'
import { okReply, type ProviderScript, throttleAlways, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { fallback } from '../../../../src/strategies/targets/fallback.ts'

const models = ['max', 'plus', 'turbo']

function sent(rig: ReturnType<typeof strategyRig>) {
  return rig.attempts.map(({ at, call }) => `${at} ${call.target.model}`)
}

/** A provider that denies a model before an instant. */
function deniedBefore(instants: Readonly<Record<string, number>>): ProviderScript {
  return (call, _n, now) => (now < (instants[call.target.model] ?? 0) ? throttledReply() : okReply(call.target.model))
}

test('a call waits for the best model if that opens within its wait', async () => {
  const strategy = fallback({ models, wait: 5000, cooldown: 2000 })
  const rig = strategyRig({ strategy, script: deniedBefore({ max: 1000 }) })
  const [settled] = await rig.run(callsAtOnce(1))
  expect(sent(rig)).toEqual(['0 max', '2000 max'])
  expect(settled).toMatchObject({ reply: { model: 'max' } })
})

test('a call falls back at once if the best model rests for longer', async () => {
  const strategy = fallback({ models, wait: 1000, cooldown: 2000 })
  const rig = strategyRig({ strategy, script: deniedBefore({ max: 1000, plus: 1000 }) })
  await rig.run(callsAtOnce(1))
  expect(sent(rig)).toEqual(['0 max', '0 plus', '0 turbo'])
})

test('the wait counts from the beginning of the call, not from each denial', async () => {
  const strategy = fallback({ models: ['max', 'plus'], wait: 3000, cooldown: 2000 })
  const rig = strategyRig({ strategy, script: deniedBefore({ max: 9000 }) })
  await rig.run(callsAtOnce(1))
  expect(sent(rig)).toEqual(['0 max', '2000 max', '2000 plus'])
})

test('after its rest the best model gets one call, and all others follow when it is answered', async () => {
  const strategy = fallback({ models: ['max', 'plus'], wait: 0, cooldown: 1000 })
  const rig = strategyRig({ strategy, script: deniedBefore({ max: 500 }), serviceTime: 200 })
  const at = [0, 1150, 1250, 1300, 1390, 1460]
  await rig.run(at.map((instant, id) => ({ at: instant, call: exampleCall(id) })))
  expect(sent(rig)).toEqual([
    '0 max',
    '200 plus',
    '1150 plus', // The best model rests until 1200.
    '1250 max',
    '1300 plus',
    '1390 plus',
    '1460 max',
  ])
})

test('when no model is open, calls wait in line', async () => {
  const strategy = fallback({ models: ['max', 'plus'], wait: 0, cooldown: 1000 })
  const rig = strategyRig({ strategy, script: deniedBefore({ max: 500, plus: 500 }) })
  await rig.run(callsAtOnce(2))
  // At 1000 each model gets a probe.
  expect(sent(rig)).toEqual(['0 max', '0 max', '0 plus', '0 plus', '1000 max', '1000 plus'])
})

test('gives up after its attempts with the last reply', async () => {
  const rig = strategyRig({ strategy: fallback({ models: ['max', 'plus'], attempts: 3 }), script: throttleAlways })
  const [settled] = await rig.run(callsAtOnce(1))
  expect(rig.attempts).toHaveLength(3)
  expect(settled).toMatchObject({ reply: { kind: 'throttled' } })
})

test('a model whose limits are told is left before it denies', async () => {
  const limits = { max: [{ rule: 'rps', limit: 2, window: 1000 }] } as const
  const rig = strategyRig({ strategy: fallback({ models: ['max', 'plus'], wait: 0, limits }), script: () => okReply() })
  await rig.run(callsAtOnce(4))
  expect(sent(rig)).toEqual(['0 max', '0 max', '0 plus', '0 plus'])
})

test.each([
  [{ models: [] }, 'models'],
  [{ models, wait: -1 }, 'wait'],
  [{ models, cooldown: 0 }, 'cooldown'],
  [{ models, attempts: 0.5 }, 'attempts'],
  [{ models, limits: { max: [] } }, 'limits.max'],
])('%o has a wrong option', (options, field) => {
  expect(() => fallback(options)).toThrow(field)
})
