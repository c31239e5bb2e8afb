import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { tickReader, ticksPerMilli } from '../../../../src/scenario/recorded/ticks.ts'

/** The ticks of several instants, read by one reader. */
function read(...texts: string[]): number[] {
  const ticksOf = tickReader()
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
