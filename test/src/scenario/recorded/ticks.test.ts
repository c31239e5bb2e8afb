import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { type TimeUnit, tickReader, ticksPerMilli } from '../../../../src/scenario/recorded/ticks.ts'

/** The ticks of several instants, read by one reader. */
function read(...texts: string[]): number[] {
  return readIn('s', ...texts)
}

function readIn(unit: TimeUnit, ...texts: string[]): number[] {
  const ticksOf = tickReader(unit)
  return texts.map((text) => {
    // Other bytes before and after the field show whether the reader reads beyond it.
    const bytes = Buffer.from(`1${text}9:-.Z`)
    return ticksOf(bytes, 1, 1 + Buffer.byteLength(text))
  })
}

function between(first: string, second: string): number {
  const [a, b] = read(first, second)
  return b! - a!
}

describe('dates', () => {
  test.each([
    ['a tick', '2023-11-16 18:15:46.6805900', '2023-11-16 18:15:46.6805901', 1],
    ['digits left out are zeros', '2023-11-16 18:15:46', '2023-11-16 18:15:46.5', 500 * ticksPerMilli],
    ['finer digits are cut off', '2023-11-16 18:15:46.000000099', '2023-11-16 18:15:46.0000001', 1],
    ['T and Z', '2023-11-16T18:15:46Z', '2023-11-16T18:15:47.000Z', 1000 * ticksPerMilli],
    ['spellings mixed', '2023-11-16 18:15:46', '2023-11-16T18:15:46.001Z', ticksPerMilli],
    ['hours east', '2023-11-16 18:15:46+00:00', '2023-11-16 20:15:47+02:00', 1000 * ticksPerMilli],
    ['hours west', '2023-11-16 18:15:46Z', '2023-11-16 13:45:46-0430', 0],
    ['an offset after a blank', '2023-11-16 18:15:46 +0000', '2023-11-16 20:15:46 +02:00', 0],
    ['hours alone', '2023-11-16 18:15:46Z', '2023-11-16 19:15:46+01', 0],
    ['midnight', '2023-12-31 23:59:59.9', '2024-01-01 00:00:00', 100 * ticksPerMilli],
    ['a leap day', '2024-02-28 00:00:00', '2024-03-01 00:00:00', 2 * 86_400_000 * ticksPerMilli],
    ['no leap day', '2023-02-28 00:00:00', '2023-03-01 00:00:00', 86_400_000 * ticksPerMilli],
    ['a leap second', '2016-12-31 23:59:59', '2016-12-31 23:59:60', 1000 * ticksPerMilli],
    ['back in time', '2023-11-16 18:15:46', '2023-11-15 18:15:46', -86_400_000 * ticksPerMilli],
  ])('%s', (_what, first, second, ticks) => {
    expect(between(first, second)).toBe(ticks)
  })

  test.each([
    '2023-11-16',
    '2023-11-16 18:15',
    '2023-11-16 18:15:4',
    '2023-13-16 18:15:46',
    '2023-00-16 18:15:46',
    '2023-02-29 18:15:46',
    '1900-02-29 18:15:46',
    '2023-04-31 18:15:46',
    '2023-11-00 18:15:46',
    '2023-11-16 24:15:46',
    '2023-11-16 18:60:46',
    '2023-11-16 18:15:61',
    '2023-11-16 18:15:46.',
    '2023-11-16 18:15:46.5x',
    '2023-11-16 18:15:46,5',
    '2023-11-16 18:15:46 UTC',
    '2023-11-16 18:15:46+2:00',
    '2023-11-16 18:15:46+24:00',
    '2023-11-16 18:15:46+02:60',
    '2023-11-16_18:15:46',
    '2O23-11-16 18:15:46',
    '16.11.2023 18:15:46',
    '-023-11-16 18:15:46',
  ])('%s is not a date', (text) => {
    expect(read(text)[0]).toBeNaN()
  })

  const instant = fc.date({ min: new Date('1950-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  test.prop([instant, instant])('count as the platform’s calendar does', (a, b) => {
    expect(between(a.toISOString(), b.toISOString()) / ticksPerMilli).toBe(b.getTime() - a.getTime())
  })
})

describe('seconds', () => {
  test.each([
    ['whole', '0', '5', 5000 * ticksPerMilli],
    ['with a fraction', '0.1', '0.3', 200 * ticksPerMilli],
    ['since 1970, to the tick', '1700000000.0000001', '1700000000.0000003', 2],
    ['scientific', '0', '1.5e-05', 150],
    ['scientific and large', '1E+3', '1001', 1000 * ticksPerMilli],
  ])('%s', (_what, first, second, ticks) => {
    expect(between(first, second)).toBe(ticks)
  })

  test.each([
    '',
    '-1',
    '+1',
    '.5',
    '5.',
    '1.2.3',
    '1,5',
    '0x10',
    'NaN',
    'Infinity',
    '1e',
    '1e99',
    '5 s',
    '1700000000000',
    '18:15:46',
  ])('%j is not a number of seconds', (text) => {
    expect(read(text)[0]).toBeNaN()
  })
})

describe('finer units', () => {
  test.each<[TimeUnit, string, string, number]>([
    ['ms', '0', '5', 5 * ticksPerMilli],
    ['ms', '999.5', '1000', 5000],
    ['ms', '1700000000123', '1700000001124.25', 1001 * ticksPerMilli + 2500],
    ['ms', '0', '1.5e3', 1500 * ticksPerMilli],
    ['us', '1700000000123456', '1700000000123457', 10],
    ['ns', '1700000000123000000', '1700000000124000000', ticksPerMilli],
    ['ns', '7', '107', 1],
  ])('%s: from %s to %s', (unit, first, second, ticks) => {
    const [a, b] = readIn(unit, first, second)
    expect(b! - a!).toBe(ticks)
  })

  const places = { s: 0, ms: 3, us: 6, ns: 9 }
  test.prop([
    fc.constantFrom('s', 'ms', 'us', 'ns'),
    fc.array(fc.bigInt({ min: 0n, max: 10n ** 18n }), { minLength: 2 }),
  ])('count as exact arithmetic does', (unit, nanos) => {
    const text = (n: bigint) => {
      const digits = String(n).padStart(10, '0')
      const point = digits.length - 9 + places[unit]
      return point === digits.length ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`
    }
    const start = nanos[0]! / 10n ** 9n
    const expected = nanos.map((n) => Number(n / 10n ** 9n - start) * 1e7 + Number((n % 10n ** 9n) / 100n))
    expect(readIn(unit, ...nanos.map(text))).toEqual(expected)
  })
})

test('one file has either dates or seconds, not both', () => {
  expect(read('2023-11-16 18:15:46', '5')[1]).toBeNaN()
  expect(read('5', '2023-11-16 18:15:46')[1]).toBeNaN()
})

test.prop([fc.string(), fc.string()])(
  'any text gives a whole number of ticks or NaN, and no byte beyond its end is read',
  (first, second) => {
    for (const ticks of read(first, second)) expect(Number.isNaN(ticks) || Number.isInteger(ticks)).toBe(true)
  },
)
