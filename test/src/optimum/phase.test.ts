import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { boundOf } from '../../../src/optimum/bound.ts'
import type { BoundOptions } from '../../../src/optimum/demand.ts'

const calls = fc.array(
  fc.record({ gap: fc.nat(5), prompt: fc.nat(6), output: fc.nat(6), service: fc.integer({ min: 1, max: 4 }) }),
  { minLength: 1, maxLength: 12 },
)
type Calls = typeof calls extends fc.Arbitrary<infer T> ? T : never

/** Limits whose windows divide 8, so that all of them begin again after a shift by a multiple of 8. */
const limits = fc.array(
  fc.record({
    unit: fc.constantFrom('requests' as const, 'tokens' as const),
    window: fc.constantFrom(1, 2, 4, 8),
    limit: fc.integer({ min: 1, max: 6 }),
  }),
  { minLength: 1, maxLength: 3 },
)

function optionsOf(made: Calls, given: readonly { unit: 'requests' | 'tokens'; window: number; limit: number }[]) {
  let now = 0
  const arrival = Float64Array.from(made, ({ gap }) => (now += gap))
  return {
    workload: {
      arrival,
      promptTokens: Uint32Array.from(made, ({ prompt }) => prompt),
      outputTokens: Uint32Array.from(made, ({ output }) => output),
    },
    limits: given.map(({ unit, window, limit }) => ({ unit, window, phases: [{ from: 0, limit }] })),
    window: 'fixed',
    tokenCharge: 'admission',
    refund: true,
    windowPhase: (_length: number) => 0,
    longestCall: [{ from: 0, limit: Infinity }],
    maxTokens: 5,
    patience: 30,
    horizon: 60,
    service: Float64Array.from(made, ({ service }) => service),
  } satisfies BoundOptions
}

describe('the optimum for fixed windows', () => {
  test.prop([calls, limits, fc.nat(100)])('moves with the windows and the calls together', (made, given, reading) => {
    const options = optionsOf(made, given)
    const shifted = boundOf({ ...options, windowPhase: (length) => reading % length })
    const by = 104 - reading
    const plain = boundOf({
      ...options,
      workload: { ...options.workload, arrival: options.workload.arrival.map((at) => at + by) },
      horizon: options.horizon + by,
    })
    expect(shifted.admissions.map((at) => at + by)).toEqual(plain.admissions)
    expect(shifted.answered).toBe(plain.answered)
    if (shifted.answered === 0) return
    expect(shifted.lastAdmission + by).toBe(plain.lastAdmission)
    expect(shifted.makespan + by).toBe(plain.makespan)
  })
})

describe('tokens that are reserved', () => {
  const tokens = limits.map((all) => all.map((each) => ({ ...each, unit: 'tokens' as const })))
  const endless = { patience: Infinity, horizon: 1e6 }

  test.prop([calls, tokens, fc.constantFrom('sliding', 'fixed', 'bucket')])(
    'bound the end as far as they are not given back',
    (made, given, window) => {
      const options = { ...optionsOf(made, given), ...endless, window }
      const whole = made.map((call) => ({ ...call, output: options.maxTokens }))
      const reserved = boundOf({ ...options, tokenCharge: 'reserve', refund: false })
      const used = boundOf({ ...options, tokenCharge: 'reserve', refund: true })
      expect(used).toEqual(boundOf(options))
      expect(reserved).toEqual(boundOf({ ...optionsOf(whole, given), ...endless, window }))
    },
  )
})
