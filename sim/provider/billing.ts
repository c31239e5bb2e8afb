import type { Usage } from '../../src/core/call.ts'
import { expectNumber } from '../../src/core/expect.ts'
import { type AccountSpec, defaultBilling } from '../../src/scenario/accounts.ts'
import type { ModelRow, PriceTier } from '../../src/scenario/profile.ts'
import { type Lane, laneFactor } from './lanes.ts'

/** What one reply costs, in the currency of the profile. The length of the prompt decides the price tier of all its tokens. */
export function priceOf(row: ModelRow, { promptTokens, outputTokens }: Usage): number {
  const { input, output } = tierOf(row, promptTokens)
  return (promptTokens * input + outputTokens * output) / 1_000_000
}

function tierOf({ prices }: ModelRow, promptTokens: number): PriceTier {
  for (let i = 0; i < prices.length - 1; i++) if (promptTokens <= prices[i]!.upTo) return prices[i]!
  return prices[prices.length - 1]!
}

/**
 * The billing state of an account for one model. `free`: free quota is left. `billed`: replies are billed. `stopped`: the owner wants no bill,
 * and requests are refused (403). `unpayable`: nobody can be billed, and requests are refused (429). `arrears`: a bill is unpaid, and requests
 * to every model are refused (400).
 */
export type Standing = 'free' | 'billed' | 'stopped' | 'unpayable' | 'arrears'

/** The money of one account: its free quota and its bill. */
export interface Wallet {
  /** Returns the billing state for a model. Default of `lane`: online. */
  state(model: string, lane?: Lane): Standing
  /** Takes a finished reply from the free quota, and returns the price of the tokens that exceed it. Default of `lane`: online. */
  settle(model: string, row: ModelRow, usage: Usage, lane?: Lane): number
  /** Returns what is left of a model's free quota, tokens. */
  freeLeft(model: string): number
  /** Returns what has been billed so far, in the currency of the profile. */
  spent(): number
  /** Changes billing fields. A field that is not named stays as it is. `freeTokens` is what each model then has left. */
  set(changes: Partial<Billing>): void
  /** Returns the billing fields that are in force. */
  billing(): Billing
}

/** The fields of an account that concern money. */
export type Billing = Required<Pick<AccountSpec, 'freeTokens' | 'stopWhenFreeIsUsed' | 'payable' | 'arrears'>>

/** The billing fields of an account, with the defaults filled in. */
export function billingOf(spec: AccountSpec): Billing {
  const {
    freeTokens = defaultBilling.freeTokens,
    stopWhenFreeIsUsed = defaultBilling.stopWhenFreeIsUsed,
    payable = defaultBilling.payable,
    arrears = defaultBilling.arrears,
  } = spec
  return { freeTokens, stopWhenFreeIsUsed, payable, arrears }
}

/** The billing fields whose values differ between two specs, with the values of the second. */
export function billingChanges(before: AccountSpec, after: AccountSpec): Partial<Billing> {
  const former = billingOf(before)
  const entries = Object.entries(billingOf(after)) as [keyof Billing, unknown][]
  return Object.fromEntries(entries.filter(([name, value]) => former[name] !== value))
}

/** A wallet whose free quotas are untouched and whose bill is empty. Each model has a free quota of its own. */
export function wallet(spec: AccountSpec): Wallet {
  let billing = billingOf(spec)
  expectNumber('freeTokens', billing.freeTokens, { atLeast: 0, whole: true })
  let afterwards = standingOnceFreeIsUsed(billing)
  let spent = 0
  const left = new Map<string, number>()
  const freeLeft = (model: string) => left.get(model) ?? billing.freeTokens
  /** The free quota does not hold for the batch lane. */
  const freeFor = (model: string, lane: Lane) => (lane === 'batch' ? 0 : freeLeft(model))

  return {
    state(model, lane = 'online') {
      if (billing.arrears) return 'arrears'
      return freeFor(model, lane) > 0 ? 'free' : afterwards
    },
    settle(model, row, usage, lane = 'online') {
      const tokens = usage.promptTokens + usage.outputTokens
      const free = Math.min(freeFor(model, lane), tokens)
      if (free > 0) left.set(model, freeLeft(model) - free)
      // Assumption: when a reply exceeds the free quota, only the exceeding tokens are billed, with prompt and output in
      // the same proportion as in the whole reply. An account that cannot or will not be billed gets these tokens for
      // nothing.
      if (free === tokens || afterwards !== 'billed') return 0
      const price = (laneFactor[lane] * priceOf(row, usage) * (tokens - free)) / tokens
      spent += price
      return price
    },
    freeLeft,
    spent: () => spent,
    set(changes) {
      billing = { ...billing, ...changes }
      expectNumber('freeTokens', billing.freeTokens, { atLeast: 0, whole: true })
      afterwards = standingOnceFreeIsUsed(billing)
      if (changes.freeTokens !== undefined) left.clear()
    },
    billing: () => billing,
  }
}

/** The billing state of a model whose free quota is used up. */
function standingOnceFreeIsUsed({ stopWhenFreeIsUsed, payable }: Billing): Standing {
  if (stopWhenFreeIsUsed) return 'stopped'
  return payable ? 'billed' : 'unpayable'
}
