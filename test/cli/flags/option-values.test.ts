import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { lengthOfTime, strategyList } from '../../../cli/flags/option-values.ts'

test.each([
  ['none,./mine.ts,retry-full:attempts=5,base=500', ['none', './mine.ts', 'retry-full:attempts=5,base=500']],
  ['retry-full:attempts=5, base=500 ,none', ['retry-full:attempts=5,base=500', 'none']],
  ['pace:perSecond=2,queue:rpm=3', ['pace:perSecond=2', 'queue:rpm=3']],
  // An option without a strategy stays an item of its own, so that a message can quote it.
  ['retry-full,attempts=5', ['retry-full', 'attempts=5']],
  ['retry-full:attempts=5,./a=b.ts', ['retry-full:attempts=5', './a=b.ts']],
  ['', []],
])('the list %o has the items %o', (text, items) => expect(strategyList(text)).toEqual(items))

test.each([
  ['20s', 20_000],
  ['500ms', 500],
  ['1m', 60_000],
  ['1h', 3_600_000],
  ['0', 0],
  ['0s', 0],
])('the length of time %s is %i ms', (text, expected) =>
  expect(lengthOfTime('--grace', 3_600_000)(text)).toBe(expected),
)

test.each(['', 'fast', '20', '-1s', '2h', '1e3s', '999999999999999999h'])(
  'the length of time %o is refused',
  (text) => {
    expect(() => lengthOfTime('--grace', 3_600_000)(text)).toThrow(
      /Expected `--grace` to be a length of time such as .* It may be at most 1h\./,
    )
  },
)

const item = fc.oneof(
  fc.constantFrom('none', './mine.ts', 'C:\\mine.ts', 'queue'),
  fc
    .array(fc.constantFrom('attempts=5', 'base=1e3', 'jitter=full'), { minLength: 1 })
    .map((options) => `retry:${options.join(',')}`),
)
test.prop([fc.array(item)])('items that are joined by commas are found again', (items) => {
  expect(strategyList(items.join(','))).toEqual(items)
})
