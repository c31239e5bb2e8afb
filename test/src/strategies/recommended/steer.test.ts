import { describe, expect, test } from 'vitest'
import { okReply, type ProviderScript, slidingWindow, throttledReply } from '../../../../contracts/provider-script.ts'
import { exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { virtualClock } from '../../../../sim/time/virtual-clock.ts'
import { seeded } from '../../../../src/core/random.ts'
import type { Inspection } from '../../../../src/core/strategy.ts'
import { steer } from '../../../../src/strategies/recommended/steer.ts'

const batch = (calls: number) => Array.from({ length: calls }, (_, id) => ({ at: 0, call: exampleCall(id) }))
const rigOf = (script: ProviderScript) => strategyRig({ strategy: steer(), script, serviceTime: 50 })

test('the name tells the options that are not the defaults', () => {
  expect(steer().name).toBe('steer')
  expect(steer({ retriesFirst: false, skipLate: false }).name).toBe('steer, fifo, late too')
})

test('sends spaced by its rate, which doubles in 2 s, within 15 % by chance', async () => {
  const rig = rigOf(() => okReply())
  await rig.run(batch(60))
  const instants = rig.instants()
  const gaps = instants.slice(1).map((at, i) => at - instants[i]!)
  // The rate is 2√2 a second at the first attempt, and its interval is longer or shorter by up to 15 %.
  expect(Math.abs(gaps[0]! / (500 / Math.SQRT2) - 1)).toBeLessThan(0.151)
  const doubled = instants.filter((at) => at <= 2000).length
  const quadrupled = instants.filter((at) => at > 2000 && at <= 4000).length
  expect(quadrupled / doubled).toBeGreaterThan(1.6)
  expect(quadrupled / doubled).toBeLessThan(2.4)
})

describe('a denied call', () => {
  test('goes again before those that were not sent yet, until it is answered', async () => {
    const rig = rigOf((call, n) => (call.id === 1 && n < 3 ? throttledReply() : okReply()))
    const settled = await rig.run(batch(10))
    expect(rig.ids().filter((id) => id === 1)).toHaveLength(4)
    // Each retry is sent as soon as the denial of the attempt before it is known.
    expect(rig.ids().lastIndexOf(1)).toBeLessThan(6)
    expect(settled.every(({ reply }) => reply?.kind === 'ok')).toBe(true)
  })

  test('of the burst guard stops all sends for 0.7 s, and the advice of the provider for as long as it says, at most 2 minutes', async () => {
    const waits = [undefined, 5000, 1e9].map(async (retryAfter) => {
      const rig = rigOf((call, n) => (call.id === 0 && n === 0 ? throttledReply('burst', retryAfter) : okReply()))
      await rig.run([...batch(1), { at: 60, call: exampleCall(1) }])
      return rig.instants()[1]
    })
    expect(await Promise.all(waits)).toEqual([750, 5050, 120_050])
  })

  test('by a free quota that is used up is told', async () => {
    const rig = rigOf(() => throttledReply('quota'))
    expect(await rig.run(batch(1))).toMatchObject([{ reply: { kind: 'throttled', cause: 'quota' } }])
    expect(rig.attempts).toHaveLength(1)
  })
})

test('comes near the limit that it is not told, with few denials', async () => {
  const rig = rigOf(slidingWindow(10, 1000))
  await rig.run(batch(2000))
  const makespan = rig.instants().at(-1)! / 1000
  expect(2000 / makespan).toBeGreaterThan(8.3)
  expect(rig.attempts.length).toBeLessThan(2000 * 1.05)
})

test('shows its rate', () => {
  const shown = new Map<string, () => Inspection>()
  const expose = (part: string, read: () => Inspection) => void shown.set(part, read)
  steer().wrap(async () => okReply(), { clock: virtualClock(), random: seeded(1), expose })
  expect(shown.get('steer')!()).toEqual({ perSecond: 2, opensAt: -Infinity })
})
