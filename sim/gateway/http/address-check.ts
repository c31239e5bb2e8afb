import type { Check } from '../../../src/checks/shape.ts'
import { show } from '../../../src/core/expect.ts'

/** The address of an upstream. A message does not quote what may hold a key, or be one: a text without the signs of an address. */
export const addressCheck: Check = (field, value) => {
  const typed = String(value)
  const { protocol = '', username, password, search, hash } = URL.parse(typed) ?? {}
  if (/^https?:$/.test(protocol) && !username && !password && !search && !hash) return []
  const isShown = /^(?!sk-)[^@?#]*[/.:][^@?#]*$/i.test(typed)
  const got = isShown
    ? show(value)
    : 'a text with a user, a query or a fragment, or one that may be a key, which is not shown here'
  return [`Expected \`${field}\` to be an address such as https://example.com/v1, got ${got}`]
}
