import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { Others } from '../../../sim/provider/others.ts'
import type { BackgroundCall } from '../../../src/scenario/background.ts'
import { ask, callOf, providerOf, requests, tokens } from '../rig.ts'

const at = (instant: number, promptTokens = 10, outputTokens = 0): BackgroundCall => ({
  at: instant,
  call: callOf(instant, { promptTokens }),
  outputTokens,
})

/** Lets others act up to an instant, and returns the instants at which they do. */
function actUntil(others: Others, until: number): number[] {
  const instants: number[] = []
  while (others.nextDue <= until && others.nextDue < Infinity) {
    instants.push(others.nextDue)
    others.act()
  }
  return instants
}

describe('others', () => {
  test('take their share of a window before anybody else', () => {
    const provider = providerOf({ limits: [requests(3, 1000)] })
    actUntil(new Others([at(0), at(1)].values(), provider), 100)
    expect(ask(provider, 100)).toBe('admitted')
    expect(ask(provider, 100)).toBe('rps')
  })

  test('wait for the first instant at which a call passes, one call after the other', () => {
    const provider = providerOf({ limits: [requests(1, 1000)] })
    const others = new Others([at(0), at(10), at(20)].values(), provider)
    // Each is denied once. An answer of no tokens takes a millisecond.
    expect(actUntil(others, 5000)).toEqual([0, 1, 10, 1000, 1000, 1001, 2000, 2001])
    expect(others.nextDue).toBe(Infinity)
  })

  test('are charged for their answers when these are complete', () => {
    const provider = providerOf({ limits: [tokens(100)] })
    const others = new Others([at(0, 10, 500)].values(), provider)
    actUntil(others, 0)
    expect(ask(provider, 499, { promptTokens: 1 })).toBe('admitted')
    actUntil(others, 500)
    expect(ask(provider, 500, { promptTokens: 1 })).toBe('tpm')
  })

  test('leave out a call that never passes', () => {
    const provider = providerOf({ limits: [tokens(100)] })
    const others = new Others([at(0, 101), at(1, 100)].values(), provider)
    actUntil(others, 1)
    expect(ask(provider, 2, { promptTokens: 1 })).toBe('tpm')
  })

  test('do not count as rejected', () => {
    const provider = providerOf({ limits: [requests(1, 1000)], switches: { rejectsCount: true } })
    actUntil(new Others([at(0), at(1)].values(), provider), 999)
    // A reject at 1 would still be in the window.
    expect(ask(provider, 1000)).toBe('admitted')
  })

  test.prop([fc.array(fc.nat(5), { maxLength: 30 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 9 })])(
    'get all that a limit lets through: the k-th is admitted when the one `limit` places before has left the window',
    (gaps, limit, window) => {
      let now = 0
      const calls = gaps.map((gap) => {
        now += gap
        return at(now)
      })
      const provider = providerOf({ limits: [requests(limit, window)] })
      const admitted: number[] = []
      const spied = {
        ...provider,
        admit: (...asked: Parameters<typeof provider.admit>) => {
          const decision = provider.admit(...asked)
          if (decision.kind === 'admitted') admitted.push(asked[2])
          return decision
        },
      }
      actUntil(new Others(calls.values(), spied), Infinity)
      const expected: number[] = []
      for (const call of calls)
        expected.push(Math.max(call.at, expected.at(-1) ?? 0, (expected.at(-limit) ?? -Infinity) + window))
      expect(admitted).toEqual(expected)
    },
  )
})
