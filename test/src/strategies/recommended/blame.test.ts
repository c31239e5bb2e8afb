import { describe, expect, test } from 'vitest'
import { Blame } from '../../../../src/strategies/recommended/blame.ts'
import { Cap } from '../../../../src/strategies/recommended/cap.ts'
import { RoundTrips } from '../../../../src/strategies/recommended/round-trips.ts'
import { SentAttempt } from '../../../../src/strategies/recommended/sent-attempt.ts'
import { Spending } from '../../../../src/strategies/recommended/spending.ts'

const windows = [1000, 5000, 60_000]

class Rig {
  readonly spending = new Spending('requests', new RoundTrips())
  readonly caps = windows.map((window) => new Cap('requests', window))
  readonly blame = new Blame('requests', this.caps, this.spending)

  limits(): number[] {
    return this.caps.map(({ limit }) => limit)
  }

  send(at: number): SentAttempt {
    const attempt = new SentAttempt(at, { promptTokens: 1, maxTokens: 1 })
    this.spending.add(at, 1)
    this.blame.send(attempt)
    return attempt
  }

  admit(at: number): void {
    this.blame.admit(this.send(at), 1, at + 50)
  }

  /** A denial that no known cap explains. */
  deny(at: number): void {
    const attempt = this.send(at)
    this.spending.reject(at, 1)
    this.blame.lose(attempt)
    if (!this.blame.moves(at, 1, at + 50, at - 1)) this.blame.seek(at, at + 50, at - 1)
  }
}

/** Ten requests within a second were admitted, and one more was denied. */
function denied(): Rig {
  const rig = new Rig()
  for (let at = 0; at < 1000; at += 100) rig.admit(at)
  rig.deny(950)
  return rig
}

describe('a search', () => {
  test('sends one probe at a time, when the shortest window is empty', () => {
    const { blame, limits, ...rig } = denied()
    expect(blame.isOpen).toBe(true)
    expect(blame.probeAt(1000, 20)).toBe(950 + 1000 + 2 * 20)
    blame.send(new SentAttempt(1990, { promptTokens: 1, maxTokens: 1 }))
    expect(blame.probeAt(1990, 20)).toBe(Infinity)
    expect(rig.caps.map(({ limit }) => limit)).toEqual([Infinity, Infinity, Infinity])
  })

  test('blames the shortest window when a probe is admitted', () => {
    const rig = denied()
    rig.admit(1990)
    expect(rig.blame.isOpen).toBe(false)
    expect(rig.limits()).toEqual([10, Infinity, Infinity])
  })

  test('blames a longer one when a probe is denied although the shorter one was empty', () => {
    const rig = denied()
    rig.deny(1990)
    rig.admit(6990)
    expect(rig.limits()).toEqual([Infinity, 10, Infinity])
  })

  test('asks ever more seldom while no window explains the denials', () => {
    const rig = denied()
    rig.deny(62_000)
    expect(rig.blame.probeAt(62_050, 20)).toBe(62_050 + 4000)
    rig.deny(124_000)
    expect(rig.blame.probeAt(124_050, 20)).toBe(124_050 + 8000)
  })
})

test('a blame is taken back when a denial contradicts it', () => {
  const rig = denied()
  rig.admit(1990)
  expect(rig.limits()).toEqual([10, Infinity, Infinity])
  rig.deny(4500)
  expect(rig.limits()[0]).toBe(Infinity)
  expect(rig.limits()[1]).toBeLessThanOrEqual(11)
})

test('a known limit that was full by a third falls, and by two thirds at most at a time', () => {
  const rig = new Rig()
  rig.caps[0]!.confirm(10)
  for (let at = 0; at < 400; at += 100) rig.admit(at)
  rig.deny(450)
  expect(rig.limits()).toEqual([4, Infinity, Infinity])
  expect(rig.blame.isOpen).toBe(false)
})
