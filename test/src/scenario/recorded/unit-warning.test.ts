import { describe, expect, test } from 'vitest'
import { ticksPerMilli } from '../../../../src/scenario/recorded/ticks.ts'
import { type TimesRead, unitWarning } from '../../../../src/scenario/recorded/unit-warning.ts'

/** 101 rows, so that there are 100 gaps of `gap` milliseconds. */
const warning = (gap: number, changes: Partial<TimesRead> = {}) =>
  unitWarning({
    path: 'a.csv',
    unit: 's',
    rows: 101,
    span: 100 * gap * ticksPerMilli,
    areWhole: true,
    field: '--columns',
    ...changes,
  })

describe('unitWarning', () => {
  test('an hour of milliseconds that is read as seconds', () => {
    expect(warning(300_000)).toBe(
      'The times of a.csv are read as seconds, which gives one call in 300 s on average. If they are milliseconds, add `--columns unit=ms`; `unit=s` confirms seconds.',
    )
  })

  test('five minutes of seconds that are read as milliseconds', () => {
    expect(warning(0.04, { unit: 'ms', areWhole: false })).toBe(
      'The times of a.csv are read as milliseconds, which gives 25000 calls a second on average. If they are seconds, add `--columns unit=s`; `unit=ms` confirms milliseconds.',
    )
  })

  test.each<[string, number, Partial<TimesRead>]>([
    ['a busy service', 40, {}],
    ['a quiet service with fractions of a second', 300_000, { areWhole: false }],
    ['a minute between calls', 60_000, {}],
    ['calls at one instant', 0, { unit: 'ms' }],
    ['a few rows', 300_000, { rows: 9 }],
    ['one row', 0, { rows: 1, span: 0 }],
    ['no unit that is coarser than seconds', 0.04, {}],
    ['no unit that is finer than nanoseconds', 300_000, { unit: 'ns' }],
  ])('%s gives no warning', (_what, gap, changes) => expect(warning(gap, changes)).toBeUndefined())
})
