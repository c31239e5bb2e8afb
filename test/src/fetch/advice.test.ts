import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { adviceIn } from '../../../src/fetch/advice.ts'

/** Wednesday, 2 September 2026, 12:00:00 GMT. */
const now = 1_788_350_400_000

test.each([
  ['3', 3000],
  ['0', 0],
  ['1.5', 1500],
  ['.25', 250],
  ['0.0001', 1],
  ['007', 7000],
  ['121', 120_000],
  ['99999999999999999999999999', 120_000],
  ['Wed, 02 Sep 2026 12:00:07 GMT', 7000],
  ['Wednesday, 02-Sep-26 12:00:07 GMT', 7000],
  ['Wed Sep  2 12:00:07 2026', 7000],
  ['Wed, 02 Sep 2026 11:00:00 GMT', 0],
  ['Wed, 02 Sep 2037 11:00:00 GMT', 120_000],
])('retry-after: %s advises to wait %i ms', (value, wait) => {
  expect(adviceIn(new Headers({ 'retry-after': value }), now)).toBe(wait)
})

test.each(['', '-1', '1e3', '0x10', '1,5', '1, 2', 'Infinity', 'NaN', 'soon', '١', 'Wed', 'Wednesday, the 2nd', '3 s'])(
  'retry-after: %j advises nothing',
  (value) => {
    // A header takes no characters beyond Latin-1.
    const headers = { get: (name: string) => (name === 'retry-after' ? value : null) } as Headers
    expect(adviceIn(headers, now)).toBeUndefined()
  },
)

test('a header of a megabyte is read at once', () => {
  // With a pattern that tries each way to cut the digits in two, it would take hours.
  expect(adviceIn(new Headers({ 'retry-after': `${'1'.repeat(1e6)}x` }), now)).toBeUndefined()
  expect(adviceIn(new Headers({ 'retry-after': '1'.repeat(1e6) }), now)).toBe(120_000)
})

test('retry-after-ms goes before retry-after, unless it is nonsense', () => {
  const headers = (ms: string) => new Headers({ 'retry-after-ms': ms, 'retry-after': '9' })
  expect(adviceIn(headers('1250.5'), now)).toBe(1251)
  expect(adviceIn(headers('-5'), now)).toBe(9000)
  expect(adviceIn(headers('soon'), now)).toBe(9000)
})

test('a date counts from that of the reply, since the two clocks may differ', () => {
  const headers = new Headers({ 'retry-after': 'Wed, 02 Sep 2026 12:00:07 GMT', date: 'Wed, 02 Sep 2026 12:00:05 GMT' })
  expect(adviceIn(headers, now - 3_600_000)).toBe(2000)
})

property.prop([fc.string({ unit: 'binary-ascii' })])(
  'whatever it is, the advice is a whole wait of two minutes at most',
  (value) => {
    const advice = adviceIn({ get: (name: string) => (name === 'date' ? null : value) } as Headers, now)
    expect(advice === undefined || (Number.isInteger(advice) && advice >= 0 && advice <= 120_000)).toBe(true)
  },
)
