import { expect, test } from 'vitest'
import { Pad } from '../../../../src/strategies/recommended/pad.ts'
import { RoundTrips } from '../../../../src/strategies/recommended/round-trips.ts'

test('the times follow from the mean and the deviation of the round trips', () => {
  const trips = new RoundTrips()
  expect([trips.smear, trips.silence]).toEqual([20, 300])
  for (let i = 0; i < 200; i++) trips.add(i % 2 ? 300 : 100)
  // The mean is 200 and the mean absolute deviation 100.
  expect(trips.smear).toBeGreaterThan(250)
  expect(trips.silence).toBeGreaterThan(900)
  for (let i = 0; i < 200; i++) trips.add(80)
  expect([trips.smear, trips.silence]).toEqual([20, 300])
})

test('the pad settles where two of a hundred attempts are denied', () => {
  const trips = new RoundTrips()
  for (let i = 0; i < 50; i++) trips.add(i % 2 ? 100 : 60)
  const pad = new Pad(trips)
  const values: number[] = []
  for (let i = 0; i < 1000; i++) {
    if (i % 50 === 0) pad.denied()
    else pad.admitted()
    values.push(pad.value)
  }
  expect(Math.abs(values.at(-1)! - values[0]!)).toBeLessThanOrEqual(Math.ceil(trips.step))
  for (let i = 0; i < 1000; i++) pad.admitted()
  expect(pad.value).toBeLessThan(values.at(-1)!)
})
