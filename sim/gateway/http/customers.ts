import { OptionError } from '../../../src/core/expect.ts'
import { redactedKey, withoutKeys } from '../../../src/core/redaction.ts'
import { keyText } from '../../../src/scenario/accounts.ts'
import { isSameSecret, secretDigest } from '../../wire/request/secret.ts'

/** Someone who may use a gateway. */
export interface GatewayCustomer {
  /** What the access log calls the customer. */
  readonly name: string
  /** The keys that the customer may send. All of them together have one cap. */
  readonly keys: readonly string[]
}

/** Who a key belongs to. */
export interface KeyOwner {
  /** What the cap is kept by. Two customers have two of them. */
  readonly id: string
  /** What records call the customer. */
  readonly name: string
}

/** Returns the owner of a key. Returns undefined when nobody has it. */
export type Customers = (key: string) => KeyOwner | undefined

/** The customers of a gateway. Without a list every key is a customer of its own. Throws an `OptionError` for keys that are wrong or belong to two. */
export function customersOf(listed: readonly GatewayCustomer[] | undefined): Customers {
  if (!listed) return (key) => ({ id: key, name: redactedKey(key) })
  const problems = customerProblems(listed)
  if (problems.length > 0) throw new OptionError(problems[0])
  const known = listed.flatMap(({ name, keys }) => keys.map((key) => ({ name, digest: secretDigest(key) })))
  return (key) => {
    const given = secretDigest(key)
    // All keys are compared, so that the time does not reveal which one was right.
    const [owner] = known.filter(({ digest }) => isSameSecret(given, digest))
    // A user may have written a key in the place of the name.
    return owner && { id: owner.name, name: withoutKeys(owner.name) }
  }
}

/** A sentence for each problem with a list of customers. None of them quotes a key. */
export function customerProblems(listed: readonly GatewayCustomer[]): string[] {
  const owners = new Map<string, string>()
  return listed.flatMap(({ name, keys }) =>
    keys.flatMap((key) => {
      const problems = keyText(`customers ${name}`, key)
      if (owners.has(key))
        return [...problems, `Expected each key to belong to one customer, got one twice, of ${name}`]
      owners.set(key, name)
      return problems
    }),
  )
}
