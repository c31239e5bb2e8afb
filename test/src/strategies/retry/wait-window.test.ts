import { expect, test } from 'vitest'
import { throttleAlways, throttledReply, throttleFirst } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { stubRandom } from '../../../../contracts/stub-env.ts'
import { waitWindow } from '../../../../src/strategies/retry/wait-window.ts'

test.each([
  [0, [0, 60_000, 120_000]],
  [0.5, [0, 65_000, 130_000]],
])('waits a minute and %d of ten seconds', async (u, instants) => {
  const rig = strategyRig({ strategy: waitWindow({ attempts: 3 }), script: throttleAlways, random: stubRandom(u) })
  await rig.run(callsAtOnce(1))
  expect(rig.instants()).toEqual(instants)
})

test('a crowd returns within the spread', async () => {
  const rig = strategyRig({ strategy: waitWindow({ window: 1000, spread: 100 }), script: throttleFirst(1) })
  await rig.run(callsAtOnce(50))
  const returns = rig.instants().slice(50)
  expect(Math.min(...returns)).toBeGreaterThanOrEqual(1000)
  expect(Math.max(...returns)).toBeLessThanOrEqual(1100)
  expect(new Set(returns).size).toBeGreaterThan(10)
})

test('longer advice is followed, and the free quota does not come back', async () => {
  const advised = strategyRig({
    strategy: waitWindow({ attempts: 2, spread: 0 }),
    script: () => throttledReply('requests', 70_000),
  })
  await advised.run(callsAtOnce(1))
  expect(advised.instants()).toEqual([0, 70_000])
  const free = strategyRig({ strategy: waitWindow(), script: () => throttledReply('quota') })
  await free.run(callsAtOnce(1))
  expect(free.instants()).toEqual([0])
})

test('is named after its options and checks them', () => {
  expect(waitWindow().name).toBe('waitWindow(10, 60000..70000 ms)')
  expect(() => waitWindow({ attempts: 0 })).toThrow('Expected `attempts` to be >= 1, got 0')
  expect(() => waitWindow({ window: 0 })).toThrow('Expected `window` to be > 0')
  expect(() => waitWindow({ spread: -1 })).toThrow('Expected `spread` to be >= 0')
})
