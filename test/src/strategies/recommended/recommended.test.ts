import { expect, test } from 'vitest'
import { recommended } from '../../../../src/strategies/recommended/recommended.ts'

test('is steer unless it is told to be alone', () => {
  expect(recommended().name).toBe('recommended(steer)')
  expect(recommended({ alone: false, retriesFirst: false }).name).toBe('recommended(steer, fifo)')
  expect(recommended({ alone: true, skipLate: false }).name).toBe('recommended(tide, late too)')
})

test('told the limits, tide begins with them', () => {
  const limits = [{ rule: 'rps', limit: 10, window: 1000 }] as const
  expect(recommended({ alone: true, limits }).name).toBe('recommended(tide(rps 10/1000 ms))')
})
