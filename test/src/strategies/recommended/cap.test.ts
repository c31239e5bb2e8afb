import { describe, expect, test } from 'vitest'
import { Cap } from '../../../../src/strategies/recommended/cap.ts'

function learned(limit = 100): Cap {
  const cap = new Cap('requests', 1000)
  cap.set(limit, 0, 0)
  return cap
}

describe('a trial', () => {
  test('begins a window after the limit was learned, with a quarter of it', () => {
    const cap = learned()
    cap.test(999, 40, 100)
    expect(cap.allowed).toBe(100)
    cap.test(1000, 40, 100)
    expect([cap.isTesting, cap.allowed]).toEqual([true, 125])
  })

  test('that is survived raises the limit, and a longer one follows at once', () => {
    const cap = learned()
    cap.test(1000, 40, 100)
    cap.survive(100, 1400, 200)
    expect(cap.limit).toBe(100)
    cap.survive(101, 1400, 200)
    expect([cap.limit, cap.isTesting]).toEqual([125, false])
    cap.test(1400, 40, 200)
    expect(cap.allowed).toBe(125 + 50)
  })

  test('that fails is followed by a short one, which may cost a part in 80 of what was sent since', () => {
    const cap = learned()
    cap.test(1000, 40, 100)
    cap.lower(100, 1500, 200)
    expect([cap.limit, cap.failures, cap.isTesting]).toEqual([100, 1, false])
    cap.test(5000, 10, 200 + 80 * 2 - 1)
    expect(cap.isTesting).toBe(false)
    cap.test(5000, 10, 200 + 80 * 2)
    expect(cap.allowed).toBe(102)
    cap.survive(102, 6000, 400)
    expect(cap.limit).toBe(102)
  })

  test('of a supposed limit begins sooner than that of one that was told', () => {
    const supposed = new Cap('requests', 1000)
    supposed.suppose(100)
    const told = new Cap('requests', 1000)
    told.confirm(100)
    for (const cap of [supposed, told]) cap.test(0, 10, 200)
    expect([supposed.isTesting, told.isTesting]).toEqual([true, true])
    for (const cap of [supposed, told]) {
      cap.lower(100, 100, 200)
      cap.test(5000, 10, 1000)
    }
    expect([supposed.isTesting, told.isTesting]).toEqual([true, false])
  })

  test('that comes to nothing ends', () => {
    const cap = learned()
    cap.test(1000, 40, 100)
    cap.expire(1000 + 4 * 1040 - 1, 40, 200)
    expect(cap.isTesting).toBe(true)
    cap.expire(1000 + 4 * 1040, 40, 200)
    expect([cap.isTesting, cap.failures]).toEqual([false, 1])
  })
})

test('two denials in full windows that follow each other bring a test without more, which shows a limit that is too high', () => {
  const cap = learned()
  cap.confirm(100)
  for (const now of [20_000, 20_100]) cap.strike(now)
  cap.test(21_000, 40, 0)
  expect(cap.isTesting).toBe(false)
  cap.strike(21_000)
  cap.test(21_000, 40, 0)
  expect([cap.isTesting, cap.extra]).toEqual([true, 0])
  cap.lower(97, 21_500, 0)
  expect([cap.limit, cap.isTesting]).toEqual([97, false])
})

test('a limit has fallen if it is lower, by more than a share, than it was given', () => {
  const cap = learned()
  cap.lower(50, 0, 0)
  expect(cap.hasFallen(0.1)).toBe(false)
  cap.suppose(100)
  cap.lower(90, 0, 0)
  expect([cap.hasFallen(0.05), cap.hasFallen(0.1)]).toEqual([true, false])
  cap.suppose(50)
  expect(cap.hasFallen(0.1)).toBe(false)
})
