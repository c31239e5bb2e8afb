import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { okReply } from '../../../../contracts/provider-script.ts'
import { exampleCall, type StrategyRig, strategyRig } from '../../../../contracts/strategy-rig.ts'
import type { Millis } from '../../../../src/core/clock.ts'
import type { Limit } from '../../../../src/core/limit.ts'
import type { Strategy } from '../../../../src/core/strategy.ts'
import { aimd } from '../../../../src/strategies/adaptive/aimd.ts'
import { errorAware } from '../../../../src/strategies/adaptive/error-aware.ts'
import { bucket } from '../../../../src/strategies/pacing/bucket.ts'
import { dualBucket } from '../../../../src/strategies/pacing/dual-bucket.ts'
import { type SendGate, unwatched } from '../../../../src/strategies/pacing/gate.ts'
import { type GatedLineOptions, gatedLine } from '../../../../src/strategies/pacing/gated-line.ts'
import { gcra } from '../../../../src/strategies/pacing/gcra.ts'
import { pace } from '../../../../src/strategies/pacing/pace.ts'
import { steer } from '../../../../src/strategies/recommended/steer.ts'
import { priority } from '../../../../src/strategies/tenants/priority.ts'
import { delays, onLateTimers } from '../../../late-timers.ts'

/** Makes a rig whose strategy keeps a line before this gate. Answers take 50 ms. */
function rigOf(gate: SendGate, options: GatedLineOptions = {}): StrategyRig {
  const strategy: Strategy = { name: 'gated', wrap: (next, env) => gatedLine(next, env, gate, options) }
  return strategyRig({ strategy, script: () => okReply(), serviceTime: 50 })
}

/** Opens for each call at the instant that its prompt tokens name. */
const opensAtPrompt: SendGate = { opensAt: (call) => call.promptTokens, pass: () => unwatched }

const opening = (id: number, promptTokens: Millis, signal?: AbortSignal) => ({
  at: 0,
  call: exampleCall(id, { promptTokens, ...(signal && { signal }) }),
})

test('sends at the whole millisecond after the gate opens, and at once if it is open', async () => {
  const rig = rigOf(opensAtPrompt)
  await rig.run([opening(0, 0), opening(1, 99.5), opening(2, 7)])
  expect(rig.instants()).toEqual([0, 100, 100])
  expect(rig.ids()).toEqual([0, 1, 2])
})

test('when the first call is aborted, the next one goes as soon as the gate opens for it', async () => {
  const abort = new AbortController()
  const rig = rigOf(opensAtPrompt)
  rig.at(100, () => abort.abort('gone'))
  const settled = await rig.run([opening(0, 1000, abort.signal), opening(1, 300), opening(2, 50)])
  expect(settled[0]).toEqual({ at: 100, error: 'gone' })
  expect(rig.instants()).toEqual([300, 300])
})

test('when the last waiting call is aborted, no timer of the line is left', async () => {
  const abort = new AbortController()
  const rig = rigOf(opensAtPrompt)
  rig.at(100, () => abort.abort('gone'))
  await rig.run([opening(0, 1000, abort.signal)])
  await expect(rig.clock.run(new Promise(() => {}))).rejects.toThrow('got none at t = 100 ms')
  await rig.run([opening(1, 300)])
  expect(rig.instants()).toEqual([300])
})

test('a call that goes before the first is not kept waiting for it', async () => {
  const rig = rigOf({ opensAt: (call, now) => (call.id === 1 ? 1000 : now), pass: () => unwatched })
  await rig.run([
    { at: 0, call: exampleCall(0) },
    { at: 10, call: exampleCall(1) },
  ])
  expect(rig.instants()).toEqual([0, 1000])
})

test('a gate that opens only when a call ends is asked again then, also when the call ends by an abort', async () => {
  let isFree = true
  const rig = rigOf({
    opensAt: (_call, now) => (isFree ? now : Infinity),
    pass: () => {
      isFree = false
      return () => {
        isFree = true
      }
    },
  })
  const abort = new AbortController()
  rig.at(20, () => abort.abort('gone'))
  await rig.run([opening(0, 0, abort.signal), opening(1, 0), opening(2, 0)])
  expect(rig.instants()).toEqual([0, 20, 70])
})

test('a gate that opens earlier after a reply is asked again', async () => {
  let opens = 0
  const rig = rigOf({
    opensAt: () => opens,
    pass: (_call, at) => {
      opens = at + 1000
      return (reply, now) => {
        if (reply?.kind === 'ok') opens = now + 25
      }
    },
  })
  await rig.run([opening(0, 0), opening(1, 0), opening(2, 0)])
  expect(rig.instants()).toEqual([0, 75, 150])
})

test('a gate hears how each call ended that passed it, even one that was aborted before it was sent', async () => {
  const heard: unknown[] = []
  const abort = new AbortController()
  const rig = rigOf({
    opensAt: (call) => call.promptTokens,
    pass: (call) => {
      // Call 1 goes on after this microtask.
      if (call.id === 1) Promise.resolve().then(() => abort.abort('gone'))
      return (reply, now) => heard.push([call.id, reply?.kind, now])
    },
  })
  await rig.run([opening(0, 0), opening(1, 100, abort.signal)])
  expect(heard).toEqual([
    [0, 'ok', 50],
    [1, undefined, 100],
  ])
  expect(rig.ids()).toEqual([0])
})

const limitsOf = (limit: number): readonly Limit[] => [{ rule: 'rps', limit, window: 1000 }]

/** Strategies that send so many attempts a second, evenly spaced. */
const spaced: Readonly<Record<string, (perSecond: number) => Strategy>> = {
  pace: (perSecond) => pace({ perSecond }),
  priority: (perSecond) => priority({ perSecond }),
  gcra: (perSecond) => gcra({ limits: limitsOf(perSecond), tolerance: 0, share: 1 }),
  bucket: (perSecond) => bucket({ limits: limitsOf(perSecond), burst: 0, share: 1 }),
  dualBucket: (perSecond) => dualBucket({ limits: limitsOf(perSecond), burst: 0, share: 1 }),
  aimd: (perSecond) => aimd({ start: perSecond, doubling: 1e12 }),
  errorAware: (perSecond) => errorAware({ start: perSecond, doubling: 1e12 }),
}

/** The instants at which so many calls are sent that come at once. */
async function instantsOf(strategy: Strategy, calls: number): Promise<Millis[]> {
  const rig = strategyRig({ strategy, script: () => okReply() })
  await rig.run(Array.from({ length: calls }, (_, id) => ({ at: 0, call: exampleCall(id) })))
  return rig.instants()
}

describe.each(Object.keys(spaced))('%s', (name) => {
  test.prop([fc.integer({ min: 1, max: 999 }), delays], { numRuns: 30 })(
    'keeps its rate however late timers are: each call goes as late as a timer, and none goes early',
    async (perSecond, delays) => {
      const punctual = await instantsOf(spaced[name]!(perSecond), 200)
      const late = await instantsOf(onLateTimers(spaced[name]!(perSecond), delays), 200)
      expect(Math.max(...late.map((at, i) => at - punctual[i]!))).toBeLessThanOrEqual(Math.max(...delays))
      for (const [i, at] of late.entries()) expect(at).toBeGreaterThanOrEqual(Math.floor((i * 1000) / perSecond))
    },
  )
})

test.prop([fc.constantFrom(aimd(), steer()), delays], { numRuns: 10 })(
  'a rate that is found by sending grows as fast when timers are late',
  async (strategy, delays) => {
    const [punctual, late] = await Promise.all(
      [strategy, onLateTimers(strategy, delays)].map((each) => instantsOf(each, 2000)),
    )
    expect(late!.at(-1)! / punctual!.at(-1)!).toBeCloseTo(1, 1)
  },
)
