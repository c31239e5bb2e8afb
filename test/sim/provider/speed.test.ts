import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { readyAt, readyBy } from '../../../sim/provider/speed.ts'

const anyService = fc
  .tuple(fc.nat(5000), fc.nat(60_000))
  .map(([firstToken, rest]) => ({ firstToken, total: firstToken + rest }))
const anyTokens = fc.integer({ min: 1, max: 3000 })

describe('tokens become ready', () => {
  test('at even intervals from the instant of the first token to the end', () => {
    const service = { firstToken: 600, total: 1000 }
    expect([0, 1, 2, 3, 4, 5].map((nth) => readyAt(nth, service, 5))).toEqual([0, 600, 700, 800, 900, 1000])
  })

  test('at the instant of the first token when there is one token', () => {
    expect(readyAt(1, { firstToken: 600, total: 617 }, 1)).toBe(600)
  })

  test.prop([anyService, anyTokens])(
    'in their order, from the instant of the first token to the end',
    (service, tokens) => {
      let before = service.firstToken
      for (let nth = 1; nth <= tokens; nth++) {
        const at = readyAt(nth, service, tokens)
        expect(at).toBeGreaterThanOrEqual(before)
        before = at
      }
      expect(readyAt(1, service, tokens)).toBe(service.firstToken)
      if (tokens > 1) expect(before).toBe(service.total)
    },
  )

  test.prop([anyService, anyTokens, fc.integer({ min: -10, max: 70_000 })])(
    'in the number that counting one by one gives for an instant',
    (service, tokens, elapsed) => {
      let ready = 0
      while (ready < tokens && readyAt(ready + 1, service, tokens) <= elapsed) ready++
      expect(readyBy(elapsed, service, tokens)).toBe(ready)
    },
  )

  test.prop([anyService, anyTokens, fc.nat()])('each at its own instant, and not before', (service, tokens, n) => {
    const nth = 1 + (n % tokens)
    const at = readyAt(nth, service, tokens)
    expect(readyBy(at, service, tokens)).toBeGreaterThanOrEqual(nth)
    expect(readyBy(at - 1, service, tokens)).toBeLessThan(nth)
  })
})
