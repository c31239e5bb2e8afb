import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { throttledReply } from '../../../../contracts/provider-script.ts'
import { exampleCall } from '../../../../contracts/strategy-rig.ts'
import { type Random, seeded } from '../../../../src/core/random.ts'
import { type FoundLimit, LimitFinder } from '../../../../src/strategies/recommended/limit-finder.ts'
import { OwnTraffic } from '../../../../src/strategies/recommended/own-traffic.ts'

const windows = [1000, 5000, 12_000, 30_000, 60_000]

/** A client that sends at a random rate around the limit for so long, and a provider whose verdict is given. */
function found(
  verdict: (sent: readonly number[], now: number, random: Random) => boolean,
  { perSecond, until, seed, cause }: { perSecond: number; until: number; seed: number; cause?: 'requests' },
): FoundLimit[] {
  const random = seeded(seed)
  const traffic = new OwnTraffic()
  const finder = new LimitFinder(traffic, windows)
  const call = exampleCall(0)
  const admitted: number[] = []
  for (let now = 0; now < until; ) {
    const sample = finder.send(call, now)
    const attempt = traffic.send(call, now)
    if (verdict(admitted, now, random)) {
      traffic.end(attempt, throttledReply(cause), now, 60_000)
      finder.deny(sample, cause ? [cause] : ['requests', 'tokens'], now)
    } else admitted.push(now)
    // Now and then it is slower, as every client is that is cut at a denial.
    const wave = 1 + 0.3 * Math.sin(now / 9000)
    now += Math.ceil((1000 / (perSecond * wave)) * (0.8 + 0.4 * random.next()))
  }
  return finder.find(8, 0)
}

const exceeds = (limit: number, window: number) => (sent: readonly number[], now: number) =>
  sent.filter((at) => at > now - window).length >= limit

describe('of a client that is alone', () => {
  test.prop([fc.constantFrom(...windows), fc.integer({ min: 4, max: 40 }), fc.nat()], { numRuns: 60 })(
    'the window of the limit is found, and the limit',
    (window, limit, seed) => {
      const perSecond = (1.1 * limit * 1000) / window
      const until = Math.max(4 * window, 80_000 / perSecond, 60_000)
      const limits = found(exceeds(limit, window), { perSecond, until, seed, cause: 'requests' })
      expect(limits).toContainEqual({ unit: 'requests', window, limit })
    },
  )
})

describe('of a client that others leave a random room', () => {
  test.prop([fc.nat(), fc.double({ min: 0.05, max: 0.4, noNaN: true })], { numRuns: 60 })(
    'no window is found',
    (seed, share) => {
      const verdict = (_: readonly number[], _now: number, random: Random) => random.next() < share
      expect(found(verdict, { perSecond: 4, until: 240_000, seed, cause: 'requests' })).toEqual([])
    },
  )
})

test('a cause that is not told may be either unit', () => {
  const limits = found(exceeds(10, 1000), { perSecond: 11, until: 60_000, seed: 1 })
  expect(limits).toContainEqual({ unit: 'requests', window: 1000, limit: 10 })
})

test('nothing is found before there were enough denials', () => {
  expect(found(exceeds(30, 60_000), { perSecond: 0.55, until: 59_000, seed: 1, cause: 'requests' })).toEqual([])
})

test('attempts that something else has ended say nothing', () => {
  const finder = new LimitFinder(new OwnTraffic(), windows)
  for (let now = 0; now < 100_000; now += 250) finder.lose(finder.send(exampleCall(0), now))
  expect(finder.find(1, 0)).toEqual([])
})
