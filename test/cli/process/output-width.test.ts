import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { outputWidth } from '../../../cli/process/output-width.ts'

describe('the width of the output', () => {
  test.each([
    ['the terminal’s own', { isTTY: true, columns: 97 }, {}, 97],
    ['the terminal’s own, although COLUMNS gives another', { isTTY: true, columns: 97 }, { COLUMNS: '60' }, 97],
    ['that in COLUMNS without a terminal', {}, { COLUMNS: '60' }, 60],
    ['that in COLUMNS when the terminal gives 0', { isTTY: true, columns: 0 }, { COLUMNS: '60' }, 60],
    ['the usual one when the terminal gives 0', { isTTY: true, columns: 0 }, {}, 80],
    ['the usual one without a terminal', {}, {}, 80],
    ['at least 30', { isTTY: true, columns: 3 }, {}, 30],
    ['at least 30 in COLUMNS as well', {}, { COLUMNS: '1' }, 30],
  ])('is %s', (_, stream, environment, width) => {
    expect(outputWidth(stream, 80, environment)).toBe(width)
  })

  test.prop([
    fc.oneof(
      fc.constantFrom('', '0', '00', '-80', '80.5', '8e1', ' 80', '80\n', 'wide', '1234567', 'Infinity'),
      fc.string().filter((text) => !/^\d{1,6}$/.test(text)),
    ),
  ])('does not come from a value of COLUMNS that is no whole number above 0', (COLUMNS) => {
    expect(outputWidth({}, 120, { COLUMNS })).toBe(120)
  })
})
