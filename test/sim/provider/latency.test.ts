import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { modelSpeed, network } from '../../../sim/provider/latency.ts'
import { type Random, seeded } from '../../../src/core/random.ts'
import { type Switches, switchesOf } from '../../../src/scenario/switches.ts'

const draws = 40_000
const calls = Array.from({ length: draws }, (_, call) => call)

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)))
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [overA, overB] = [mean(a), mean(b)]
  return mean(a.map((value, i) => (value - overA) * (b[i]! - overB))) / (deviation(a) * deviation(b))
}

/** Rounds to a hundredth. */
function expectNear(value: number, expected: number): void {
  expect(Math.abs(value / expected - 1)).toBeLessThan(0.01)
}

/** The shares of a sample below −1, 0 and 2 standard deviations. Of a normal sample they are 15.87 %, 50 % and 97.72 %. */
function expectNormal(values: readonly number[], spread: number): void {
  const middle = mean(values)
  for (const [deviations, share] of [
    [-2, 0.02275],
    [-1, 0.15866],
    [0, 0.5],
    [1, 0.84134],
    [2, 0.97725],
  ] as const)
    expect(values.filter((value) => value < middle + deviations * spread).length / values.length).toBeCloseTo(share, 2)
}

const speedOf = (switches: Partial<Switches>, seed = 1) => modelSpeed(switchesOf(switches), seeded(seed))
const networkOf = (switches: Partial<Switches>, seed = 1) => network(switchesOf(switches), seeded(seed))

describe('modelSpeed', () => {
  test('without spread an answer takes the time to the first token, and then the given speed for the rest', () => {
    const speed = speedOf({ firstToken: 600, tokensPerSecond: 50, latencySpread: 0 })
    expect(speed(1, 0)).toEqual({ firstToken: 600, total: 600 })
    expect(speed(2, 100)).toEqual({ firstToken: 600, total: 2600 })
    expect(speed(3, 1)).toEqual({ firstToken: 600, total: 620 })
  })

  test('takes at least a millisecond for an answer', () => {
    const speed = speedOf({ firstToken: 0, tokensPerSecond: 1e9, latencySpread: 0.25 })
    expect(speed(1, 0)).toEqual({ firstToken: 0, total: 1 })
  })

  property.prop([fc.double({ noNaN: true }), fc.nat(), fc.nat(100_000), fc.double({ min: 0, max: 2, noNaN: true })])(
    'gives whole milliseconds, the first token not after the last, and the same times each time',
    (seed, call, output, latencySpread) => {
      const speed = speedOf({ latencySpread }, seed)
      const service = speed(call, output)
      expect(Number.isSafeInteger(service.firstToken) && Number.isSafeInteger(service.total)).toBe(true)
      expect(service.firstToken).toBeGreaterThanOrEqual(0)
      expect(service.total).toBeGreaterThanOrEqual(Math.max(1, service.firstToken))
      speed(call + 1, output)
      expect(speed(call, output)).toEqual(service)
      expect(speedOf({ latencySpread }, seed)(call, output)).toEqual(service)
    },
  )

  property.prop([fc.nat(), fc.nat(5000), fc.nat(5000)])(
    'takes no less time for a longer answer of the same call',
    (call, a, b) => {
      const speed = speedOf({})
      expect(speed(call, Math.min(a, b)).total).toBeLessThanOrEqual(speed(call, Math.max(a, b)).total)
      expect(speed(call, a).firstToken).toBe(speed(call, b).firstToken)
    },
  )

  test('has the medians and the spread of the switches, and two independent draws', () => {
    // The times are so long that rounding to whole milliseconds does not matter.
    const speed = speedOf({ firstToken: 60_000, tokensPerSecond: 40, latencySpread: 0.3 })
    const services = calls.map((call) => speed(call, 400_000))
    const first = services.map(({ firstToken }) => Math.log(firstToken))
    const pace = services.map(({ firstToken, total }) => Math.log(400_000_000 / (total - firstToken)))
    expectNear(Math.exp(median(first)), 60_000)
    expectNear(Math.exp(median(pace)), 40)
    for (const values of [first, pace]) {
      expect(deviation(values)).toBeCloseTo(0.3, 2)
      expectNormal(values, 0.3)
    }
    expect(Math.abs(correlation(first, pace))).toBeLessThan(0.02)
  })

  test('draws neighbouring calls independently', () => {
    const speed = speedOf({ firstToken: 60_000 })
    const first = calls.map((call) => Math.log(speed(call, 0).firstToken))
    expect(Math.abs(correlation(first.slice(1), first.slice(0, -1)))).toBeLessThan(0.02)
  })
})

test('gives safe whole numbers for the most extreme draw of the widest spread', () => {
  // These draws give Box–Muller’s longest radius, and an angle that gives all of it to the first of the two normals.
  const wild: Random = { next: () => 0, fork: () => wild, at: (_, subkey = 0) => (subkey % 2 === 0 ? 1 - 2 ** -53 : 0) }
  const widest = { firstToken: 3_600_000, latencySpread: 3, networkDelay: 3_600_000, networkSpread: 3 }
  const service = modelSpeed(switchesOf(widest), wild)(0, 1_000_000)
  const longest: Random = { next: () => 0, fork: () => longest, at: () => 1 - 2 ** -53 }
  const { out, back } = network(switchesOf(widest), longest)(0, 0)
  expect(Math.min(service.firstToken, service.total)).toBeGreaterThan(1e15)
  // The last of 4,096 quantiles is 3.67 standard deviations from the mean.
  expect([out, back]).toEqual([back, out])
  expect(out / (3_600_000 * Math.exp(3 * 3.6679))).toBeCloseTo(1, 2)
  for (const time of [service.firstToken, service.total, out]) {
    expect(Number.isSafeInteger(4 * time)).toBe(true)
  }
})

describe('network', () => {
  test('without spread every delay is the median each way, in whole milliseconds', () => {
    expect(networkOf({ networkDelay: 40, networkSpread: 0 })(3, 2)).toEqual({ out: 40, back: 40 })
    expect(networkOf({ networkDelay: 2.6, networkSpread: 0 })(3, 2)).toEqual({ out: 3, back: 3 })
    expect(networkOf({ networkDelay: 0, networkSpread: 0.3 })(3, 2)).toEqual({ out: 0, back: 0 })
  })

  property.prop([fc.nat(), fc.nat(100), fc.array(fc.tuple(fc.nat(), fc.nat(100)))])(
    'a delay depends on the seed, the call and the attempt’s number within it, not on earlier draws',
    (call, nth, others) => {
      const trip = networkOf({}, 9)(call, nth)
      const busy = networkOf({}, 9)
      for (const [other, otherNth] of others) busy(other, otherNth)
      expect(busy(call, nth)).toEqual(trip)
      for (const delay of [trip.out, trip.back]) {
        expect(Number.isSafeInteger(delay)).toBe(true)
        expect(delay).toBeGreaterThanOrEqual(0)
      }
    },
  )

  test('delays have the median and the spread of the switches, and both ways are independent', () => {
    const trip = networkOf({ networkDelay: 40_000, networkSpread: 0.5 })
    const trips = calls.map((call) => trip(call % 20_000, Math.floor(call / 20_000)))
    const out = trips.map((each) => Math.log(each.out))
    const back = trips.map((each) => Math.log(each.back))
    for (const values of [out, back]) {
      expectNear(Math.exp(median(values)), 40_000)
      expect(deviation(values)).toBeCloseTo(0.5, 2)
      expectNormal(values, 0.5)
    }
    expect(Math.abs(correlation(out, back))).toBeLessThan(0.02)
  })

  test('each attempt of a call has its own delay', () => {
    const trip = networkOf({ networkDelay: 40_000 })
    const first = calls.map((call) => Math.log(trip(call, 0).out))
    const second = calls.map((call) => Math.log(trip(call, 1).out))
    expect(Math.abs(correlation(first, second))).toBeLessThan(0.02)
    expect(first.filter((value, call) => value === second[call]).length).toBeLessThan(10)
  })

  test('another seed gives other delays', () => {
    const [one, two] = [networkOf({}, 1), networkOf({}, 2)]
    expect(calls.slice(0, 50).map((call) => one(call, 0))).not.toEqual(calls.slice(0, 50).map((call) => two(call, 0)))
  })
})
