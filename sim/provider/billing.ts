import type { Usage } from '../../src/core/call.ts'
import { expectNumber } from '../../src/core/expect.ts'
import type { AccountSpec } from '../../src/scenario/world.ts'
import type { ModelRow, PriceTier } from '../profiles/profile.ts'

/**
 * What one reply costs, in the profile's currency. The prompt alone chooses the tier, and all tokens are charged at it.
 */
export function priceOf(row: ModelRow, { promptTokens, outputTokens }: Usage): number {
  const { input, output } = tierOf(row, promptTokens)
  return (promptTokens * input + outputTokens * output) / 1_000_000
}

function tierOf({ prices }: ModelRow, promptTokens: number): PriceTier {
  for (let i = 0; i < prices.length - 1; i++) if (promptTokens <= prices[i]!.upTo) return prices[i]!
  return prices[prices.length - 1]!
}

/**
 * How an account stands with one model: `free` quota left; `billed`; `stopped`, because the owner wants no bill (403);
 * `unpayable`, because nobody can be billed (429); or in `arrears`, whatever the model (400).
 */
export type Standing = 'free' | 'billed' | 'stopped' | 'unpayable' | 'arrears'

export interface Wallet {
  state(model: string): Standing
  /** Counts a finished reply against the free quota, and returns the price of what lies beyond it. */
  settle(model: string, row: ModelRow, usage: Usage): number
  /** What is left of a model's free quota, in tokens. */
  freeLeft(model: string): number
  /** What has been billed so far, in the profile's currency. */
  spent(): number
  /** How the account stands from now on; what is not named stays. `freeTokens` is what each model then has left. */
  set(changes: Partial<Billing>): void
  billing(): Billing
}

/** The part of an account that concerns money. */
export type Billing = Required<Pick<AccountSpec, 'freeTokens' | 'stopWhenFreeIsUsed' | 'payable' | 'arrears'>>

/** An account's money with the defaults filled in. */
export function billingOf(spec: AccountSpec): Billing {
  const { freeTokens = 0, stopWhenFreeIsUsed = false, payable = true, arrears = false } = spec
  return { freeTokens, stopWhenFreeIsUsed, payable, arrears }
}

/** The billing fields whose values differ between two specs, with the values of the second. */
export function billingChanges(before: AccountSpec, after: AccountSpec): Partial<Billing> {
  const former = billingOf(before)
  const entries = Object.entries(billingOf(after)) as [keyof Billing, unknown][]
  return Object.fromEntries(entries.filter(([name, value]) => former[name] !== value))
}

/** An account's money: what is left of the free quota, which each model has for itself. */
export function wallet(spec: AccountSpec): Wallet {
  let billing = billingOf(spec)
  expectNumber('freeTokens', billing.freeTokens, { atLeast: 0, whole: true })
  let afterwards = standingOnceFreeIsUsed(billing)
  let spent = 0
  const left = new Map<string, number>()
  const freeLeft = (model: string) => left.get(model) ?? billing.freeTokens

  return {
    state(model) {
      if (billing.arrears) return 'arrears'
      return freeLeft(model) > 0 ? 'free' : afterwards
    },
    settle(model, row, usage) {
      const tokens = usage.promptTokens + usage.outputTokens
      const free = Math.min(freeLeft(model), tokens)
      if (free > 0) left.set(model, freeLeft(model) - free)
      // Assumption: of a reply that straddles the end of the free quota only the tokens beyond it are billed, prompt
      // and output in the proportion they have in the whole. Who cannot or will not be billed gets that remainder for
      // nothing.
      if (free === tokens || afterwards !== 'billed') return 0
      const price = (priceOf(row, usage) * (tokens - free)) / tokens
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

function standingOnceFreeIsUsed({ stopWhenFreeIsUsed, payable }: Billing): Standing {
  if (stopWhenFreeIsUsed) return 'stopped'
  return payable ? 'billed' : 'unpayable'
}
