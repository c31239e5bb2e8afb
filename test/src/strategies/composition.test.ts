import { describe, expect, test } from 'vitest'
import { throttleAlways, throttleFirst } from '../../../contracts/provider-script.ts'
import { callsAtOnce, strategyRig } from '../../../contracts/strategy-rig.ts'
import { type Strategy, stack } from '../../../src/core/strategy.ts'
import { articleBackoff } from '../../../src/strategies/article/backoff.ts'
import { articleFallback } from '../../../src/strategies/article/fallback.ts'
import { articleProxyClient } from '../../../src/strategies/article/proxy-client.ts'
import { articleQueue } from '../../../src/strategies/article/queue.ts'
import { articleRotation } from '../../../src/strategies/article/rotation.ts'
import { concurrency } from '../../../src/strategies/pacing/concurrency.ts'
import { pace } from '../../../src/strategies/pacing/pace.ts'
import { queue } from '../../../src/strategies/pacing/queue.ts'
import { windowMirror } from '../../../src/strategies/pacing/window-mirror.ts'
import { retry } from '../../../src/strategies/retry/retry.ts'
import { rotation } from '../../../src/strategies/targets/rotation.ts'
import { vtc } from '../../../src/strategies/tenants/vtc.ts'

// How many attempts two calls become when two strategies are stacked. Layers that repeat multiply; layers that wait do not.

const keys = ['a', 'b']
const layers: Record<string, { make: () => Strategy; repeats: number }> = {
  backoff: { make: () => articleBackoff({ attempts: 3 }), repeats: 3 },
  proxyClient: { make: () => articleProxyClient({ endpoint: 'p', key: 'k', attempts: 2 }), repeats: 2 },
  fallback: { make: () => articleFallback(), repeats: 3 },
  articleRotation: { make: () => articleRotation({ keys }), repeats: 1 },
  articleQueue: { make: () => articleQueue({ rpm: 600 }), repeats: 1 },
  retry: { make: () => retry({ attempts: 4 }), repeats: 4 },
  rotation: { make: () => rotation({ keys, attempts: 5 }), repeats: 5 },
  queue: { make: () => queue({ rpm: 600 }), repeats: 1 },
  pace: { make: () => pace({ perSecond: 10 }), repeats: 1 },
  concurrency: { make: () => concurrency({ limit: 1 }), repeats: 1 },
  windowMirror: { make: () => windowMirror({ limits: [{ rule: 'rps', limit: 10, window: 1000 }] }), repeats: 1 },
  vtc: { make: () => vtc({ perSecond: 10 }), repeats: 1 },
}

describe.each(Object.keys(layers))('%s around', (outer) => {
  const { make: makeOuter, repeats: outerRepeats } = layers[outer]!

  test.each(Object.keys(layers))('%s', async (inner) => {
    const { make: makeInner, repeats: innerRepeats } = layers[inner]!
    const all = outerRepeats * innerRepeats

    const denied = strategyRig({ strategy: stack(makeOuter(), makeInner()), script: throttleAlways })
    const deniedOutcomes = await denied.run(callsAtOnce(2))
    expect(denied.attempts).toHaveLength(2 * all)
    expect(deniedOutcomes.map(({ reply }) => reply?.kind)).toEqual(['throttled', 'throttled'])

    const denials = all - 1
    const admitted = strategyRig({ strategy: stack(makeOuter(), makeInner()), script: throttleFirst(denials) })
    const outcomes = await admitted.run(callsAtOnce(2))
    expect(admitted.attempts).toHaveLength(2 * all)
    expect(outcomes.map(({ reply }) => reply?.kind)).toEqual(['ok', 'ok'])

    const smooth = strategyRig({ strategy: stack(makeOuter(), makeInner()), script: throttleFirst(0) })
    await smooth.run(callsAtOnce(2))
    expect(smooth.attempts).toHaveLength(2)
  })
})

describe('what order means', () => {
  test('concurrency around retry holds its slot through the backoff; within, it gives it away', async () => {
    const policy = retry({ attempts: 2, jitter: 'none' })
    const around = strategyRig({ strategy: stack(concurrency({ limit: 1 }), policy), script: throttleAlways })
    await around.run(callsAtOnce(2))
    expect(around.instants()).toEqual([0, 1000, 1000, 2000])

    const within = strategyRig({ strategy: stack(policy, concurrency({ limit: 1 })), script: throttleAlways })
    await within.run(callsAtOnce(2))
    expect(within.instants()).toEqual([0, 0, 1000, 1000])
  })

  test('pace around retry spaces calls only; within, every attempt', async () => {
    const policy = retry({ attempts: 2, jitter: 'none' })
    const around = strategyRig({ strategy: stack(pace({ perSecond: 1 }), policy), script: throttleAlways })
    await around.run(callsAtOnce(2))
    expect(around.instants()).toEqual([0, 1000, 1000, 2000])
    expect(around.attempts.filter(({ call }) => call.id === 0).map(({ at }) => at)).toEqual([0, 1000])

    const within = strategyRig({ strategy: stack(policy, pace({ perSecond: 1 })), script: throttleAlways })
    await within.run(callsAtOnce(2))
    expect(within.instants()).toEqual([0, 1000, 2000, 3000])
  })

  test('rotation around pace shares one rate over all keys', async () => {
    const lab = strategyRig({
      strategy: stack(rotation({ keys, attempts: 2 }), pace({ perSecond: 10 })),
      script: throttleAlways,
    })
    await lab.run(callsAtOnce(2))
    expect(lab.instants()).toEqual([0, 100, 200, 300])
    expect(lab.attempts.map(({ call }) => call.target.key).toSorted()).toEqual(['a', 'a', 'b', 'b'])
  })

  test('the inner target wins: rotation within the proxy client replaces its key', async () => {
    const proxy = articleProxyClient({ endpoint: 'p', key: 'k', attempts: 1 })
    const lab = strategyRig({ strategy: stack(proxy, articleRotation({ keys })), script: throttleAlways })
    await lab.run(callsAtOnce(1))
    expect(lab.attempts[0]!.call.target).toEqual({ endpoint: 'p', key: 'a', model: 'qwen3-max' })
  })
})
