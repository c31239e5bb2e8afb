import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { strategyList } from '../../../cli/flags/option-values.ts'

test.each([
  ['none,./mine.ts,retry-full:attempts=5,base=500', ['none', './mine.ts', 'retry-full:attempts=5,base=500']],
  ['retry-full:attempts=5, base=500 ,none', ['retry-full:attempts=5,base=500', 'none']],
  ['pace:perSecond=2,queue:rpm=3', ['pace:perSecond=2', 'queue:rpm=3']],
  // An option without a strategy stays an item of its own, so that a message can quote it.
  ['retry-full,attempts=5', ['retry-full', 'attempts=5']],
  ['retry-full:attempts=5,./a=b.ts', ['retry-full:attempts=5', './a=b.ts']],
  ['', []],
])('the list %o has the items %o', (text, items) => expect(strategyList(text)).toEqual(items))

const item = fc.oneof(
  fc.constantFrom('none', './mine.ts', 'C:\\mine.ts', 'queue'),
  fc
    .array(fc.constantFrom('attempts=5', 'base=1e3', 'jitter=full'), { minLength: 1 })
    .map((options) => `retry:${options.join(',')}`),
)
test.prop([fc.array(item)])('items that are joined by commas are found again', (items) => {
  expect(strategyList(items.join(','))).toEqual(items)
})
