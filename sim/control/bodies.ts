import { type Check, type Fields, flag, isObject, number, object, oneOf, optional } from '../../src/checks/shape.ts'
import type { Limit } from '../../src/core/limit.ts'
import type { Mock } from '../mock/mock.ts'
import type { Billing } from '../provider/billing.ts'
import { faultsCheck } from '../setup/fault-problems.ts'
import { speedCheck } from '../setup/setup-problems.ts'
import { limitsCheck } from '../setup/world-problems.ts'
import type { FaultSpec } from '../wire/handling/fault-plan.ts'

/** What the actions take. Where an account may be named, none means all of them. */
export interface Bodies {
  readonly reset: { readonly seed?: number }
  readonly limits: { readonly account?: string; readonly model: string; readonly limits: readonly Limit[] }
  readonly quota: { readonly account?: string; readonly model: string; readonly factor: number }
  readonly billing: { readonly account?: string } & Partial<Billing>
  readonly clock: { readonly speed?: number; readonly paused?: boolean; readonly advance?: number }
  readonly faults: { readonly faults: readonly FaultSpec[] }
}

const longestAdvance = 31_536_000_000

/** One check a body, for a mock as it is now. */
export function bodyChecks({ setup, profile }: Mock): { readonly [K in keyof Bodies]: Check } {
  const accounts = setup.accounts.map(({ name }) => name)
  const models = Object.keys(profile.models)
  const account = optional(oneOf(accounts))
  const model = oneOf(models)
  return {
    reset: object<Bodies['reset']>({ seed: optional(number({})) }),
    limits: object<Bodies['limits']>({ account, model, limits: limitsCheck }),
    quota: object<Bodies['quota']>({ account, model, factor: number({ above: 0, atMost: 1000 }) }),
    billing: some(
      object<Bodies['billing']>({
        account,
        freeTokens: optional(number({ atLeast: 0, whole: true })),
        stopWhenFreeIsUsed: optional(flag),
        payable: optional(flag),
        arrears: optional(flag),
      }),
      ['freeTokens', 'stopWhenFreeIsUsed', 'payable', 'arrears'],
    ),
    clock: some(
      object<Bodies['clock']>({
        speed: optional(speedCheck),
        paused: optional(flag),
        advance: optional(number({ atLeast: 0, atMost: longestAdvance, whole: true })),
      }),
      ['speed', 'paused', 'advance'],
    ),
    faults: object<Bodies['faults']>({ faults: faultsCheck({ accounts, models }) }),
  }
}

/** An object that says at least one of these things. */
function some(check: Check, names: readonly string[]): Check {
  return (field, value) => {
    const says = (body: Fields) => names.some((name) => body[name] !== undefined)
    const problems = check(field, value)
    if (problems.length > 0 || !isObject(value) || says(value)) return problems
    return [`Expected \`${field}\` to have one of ${names.join(', ')}, got none`]
  }
}
