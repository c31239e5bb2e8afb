import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { durationMillis, type PartOptions, tickBounds } from '../../../../src/scenario/recorded/part.ts'
import { tickReader, ticksPerMilli } from '../../../../src/scenario/recorded/ticks.ts'

describe('durationMillis', () => {
  test.each([
    ['0s', 0],
    ['500ms', 500],
    ['90m', 5_400_000],
    ['2h', 7_200_000],
    ['1.5h', 5_400_000],
    ['1d12h', 129_600_000],
    ['1h30m5s', 5_405_000],
  ])('%s', (text, millis) => expect(durationMillis(text)).toBe(millis))

  test.each(['', '90', 'm', '-1h', '1h 30m', '1w', '1.h', '2023-11-16 18:15:46'])('%j is none', (text) => {
    expect(durationMillis(text)).toBeUndefined()
  })

  test.prop([fc.nat(30), fc.nat(23), fc.nat(59), fc.nat(59)])('adds its parts up', (d, h, m, s) => {
    expect(durationMillis(`${d}d${h}h${m}m${s}s`)).toBe(1000 * (s + 60 * (m + 60 * (h + 24 * d))))
  })
})

describe('tickBounds', () => {
  /** The bounds in milliseconds since the first row, which is at 09:00. */
  function bounds(part: PartOptions) {
    const ticksOf = tickReader()
    const example = '2024-05-10 09:00:00+08:00'
    const start = ticksOf(Buffer.from(example), 0, example.length)
    const { from, to } = tickBounds(part, start, { path: 'a.csv', ticksOf, example, prefix: '--' })
    return [from - start, to - start].map((ticks) => ticks / ticksPerMilli)
  }

  test.each<[PartOptions, number, number]>([
    [{}, -Infinity, Infinity],
    [{ from: '90m' }, 5_400_000, Infinity],
    [{ to: '500ms' }, -Infinity, 500],
    [{ from: '2024-05-10T01:30:00Z', to: '2024-05-10 10:00:00+08:00' }, 1_800_000, 3_600_000],
    [{ from: '2024-05-10 01:00:01' }, 1000, Infinity],
  ])('%j', (part, from, to) => expect(bounds(part)).toEqual([from, to]))

  test('refuses a text that is no instant, and an end that is not after the start', () => {
    expect(() => bounds({ from: 'noon' })).toThrow(
      'Expected `--from` to be a duration since the start of the trace, such as 90m or 2h, or an instant as a.csv spells it, ' +
        'such as "2024-05-10 09:00:00+08:00", got "noon"',
    )
    expect(() => bounds({ to: '3600' })).toThrow(/Expected `--to` .* got "3600"/)
    // Before all rows are read the start may be wrong, so bounds of two kinds are not compared.
    expect(bounds({ from: '2h', to: '2024-05-10 02:00:00' })).toEqual([7_200_000, 3_600_000])
    expect(() => bounds({ from: '2h', to: '2h' })).toThrow(
      'Expected `--to` to be later than `--from`, got "2h" and "2h"',
    )
  })
})
