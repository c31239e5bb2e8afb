import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { requestJournal } from '../../../sim/mock/request-registry.ts'
import type { RequestRecord } from '../../../sim/wire/request-record.ts'

const record = (number: number, changes: Partial<RequestRecord> = {}): RequestRecord => ({
  number,
  id: `id-${number}`,
  arrivedAt: 0,
  method: 'POST',
  path: '/',
  protocol: 'p',
  key: '',
  ...changes,
})

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const account = fc.constantFrom('a', 'b')
const verdict = fc.constantFrom('admitted', 'rpm') as fc.Arbitrary<'admitted' | 'rpm'>

property.prop([
  fc.integer({ min: 1, max: 8 }),
  fc.array(fc.record({ account, verdict }), { maxLength: 30 }),
  fc.record({
    account: maybe(account),
    verdict: maybe(verdict),
    since: maybe(fc.nat(30)),
    limit: maybe(fc.integer({ min: 1, max: 10 })),
  }),
])(
  'holds the given number of the last records, and returns those that match a filter, oldest first',
  (capacity, added, wanted) => {
    const journal = requestJournal(capacity)
    const records = added.map((each, i) => record(i + 1, each))
    for (const each of records) journal.add(each)
    const { since = 0, limit = Infinity } = wanted
    const model = records
      .slice(-capacity)
      .filter((each) => wanted.account === undefined || each.account === wanted.account)
      .filter((each) => wanted.verdict === undefined || each.verdict === wanted.verdict)
      .filter((each) => each.number > since)
    const query = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
    expect(journal.entries(query)).toEqual(model.slice(Math.max(0, model.length - limit)))
  },
)

test('shows the present state of a record, and can be cleared', () => {
  const journal = requestJournal(3)
  const live = record(1)
  journal.add(live)
  live.status = 200
  expect(journal.entries({ id: 'id-1' })).toEqual([{ ...record(1), status: 200 }])
  journal.clear()
  expect(journal.entries()).toEqual([])
  journal.add(record(1))
  expect(journal.entries()).toHaveLength(1)
})
