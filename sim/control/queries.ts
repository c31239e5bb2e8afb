import { about, object, optional } from '../../src/checks/shape.ts'
import type { References } from '../../src/scenario/accounts.ts'
import { journalQueryShape } from '../mock/journal-query.ts'

/** Returns the shapes of the queries of the routes that have one. */
export function queries({ account }: Pick<References, 'account'>) {
  return {
    state: object({ account: about(optional(account), 'The name of the account that is shown. Default: the first.') }),
    journal: journalQueryShape({ account }),
  }
}

/** The shape of the query of every other route: it has no fields. */
export const noQuery = object({})

/** The fields of queries that are numbers. */
const numbers = ['since', 'before', 'limit']

/** A number as JSON writes it. `Number` would also take an empty text and hexadecimal digits. */
const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i

/** Reads the query of an address. A field that is given several times becomes a list, which no shape accepts. */
export function queryOf(url: string): object {
  const mark = url.indexOf('?')
  const given = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))
  const fields = Map.groupBy(given, ([name]) => name)
  return Object.fromEntries(
    [...fields].map(([name, pairs]) => {
      const [first, ...more] = pairs.map(([, value]) => value)
      if (more.length > 0) return [name, [first, ...more]]
      return [name, numbers.includes(name) && jsonNumber.test(first!) ? Number(first) : first]
    }),
  )
}
