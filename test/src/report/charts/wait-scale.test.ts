import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { curveStyle } from '../../../../src/report/charts/palette.ts'
import { waitScale } from '../../../../src/report/charts/wait-scale.ts'

const curveOf = (...waits: number[]) => ({
  label: '',
  figure: '',
  leads: false,
  style: curveStyle(0),
  points: waits.map((y, i) => ({ x: (100 * i) / Math.max(1, waits.length - 1), y })),
})

describe('the scale of waits', () => {
  test('is linear where waits are alike', () => {
    expect(waitScale([curveOf(1, 2, 3)])).toMatchObject({ note: '' })
    expect(waitScale([]).at(7)).toBe(7)
  })

  test('is logarithmic above the power of ten below the shortest wait, and linear down to 0', () => {
    const { at, ticks, note } = waitScale([curveOf(0, 0.02, 50)])
    expect(note).toBe(' (logarithmic above 10 ms)')
    expect([0, 0.005, 0.01, 0.1, 1, 10].map(at)).toEqual([0, 0.5, 1, 2, 3, 4])
    expect(ticks).toEqual([
      { value: 0, label: '0 s' },
      { value: 1, label: '10 ms' },
      { value: 2, label: '100 ms' },
      { value: 3, label: '1 s' },
      { value: 4, label: '10 s' },
    ])
  })

  test.prop([fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 20 })])(
    'is 0 at 0, and grows with the wait',
    (waits) => {
      const ascending = waits.sort((a, b) => a - b)
      const { at, ticks = [] } = waitScale([curveOf(...ascending)])
      expect(at(0)).toBe(0)
      ascending.forEach((wait, i) => {
        if (i > 0 && wait > ascending[i - 1]!) expect(at(wait)).toBeGreaterThanOrEqual(at(ascending[i - 1]!))
        if (wait > 0) expect(at(wait)).toBeGreaterThan(0)
      })
      ticks.forEach(({ value }, i) => {
        expect(value).toBeCloseTo(i)
      })
    },
  )
})
