import { isLoopback } from '../../sim/control/loopback.ts'
import { customerProblems, type GatewayCustomer } from '../../sim/gateway/http/customers.ts'
import { defaultHost } from '../../sim/setup/defaults.ts'
import { type Check, text } from '../../src/checks/shape.ts'
import { show } from '../../src/core/expect.ts'
import type { Given } from '../flags/key-sources.ts'

/** Without a list of customers, whoever reaches the gateway can use its accounts. */
export const hostAlone: Check = (field, value) =>
  typeof value !== 'string' || value === '' || isLoopback(value)
    ? text(field, value)
    : [
        `Expected \`${field}\` to be an address that only this machine reaches, such as ${defaultHost}, got ${show(value)}: add \`--customer name=key\` for each customer who may use the accounts`,
      ]

/** Reads customers such as `ada=key,key`, or a key alone, whose customer is then called by its number. */
export function customersFrom(given: readonly Given[], problems: string[]): readonly GatewayCustomer[] | undefined {
  if (given.length === 0) return undefined
  const customers = given.flatMap(({ place, text }, i) => {
    const [, name, listed] = /^([\w.-]+)=(.*)$/s.exec(text) ?? []
    const keys = listed === undefined ? [text] : listed.split(',')
    if (keys.every((key) => key !== '' && !key.startsWith('=') && (listed !== undefined || !key.includes('='))))
      return [{ name: name ?? `customer-${i + 1}`, keys }]
    problems.push(
      `Expected \`${place}\` to be a key, or name=key,key for a key with = or several keys, got something else, which is not shown here`,
    )
    return []
  })
  for (const problem of new Set(customerProblems(customers))) problems.push(problem)
  return customers
}
