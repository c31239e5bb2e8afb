import type { Contestant } from '../src/compare/raw-result.ts'
import type { Strategy } from '../src/core/strategy.ts'
import type { Quota } from '../src/optimum/quota.ts'
import { type CatalogueEntry, entryNamed } from './catalogue.ts'
import type { ClientKnowledge } from './client-knowledge.ts'

/** A strategy that is not from the catalogue, with what a report states about it. Every `Strategy` is an `OwnStrategy`. */
export interface OwnStrategy extends Strategy {
  /** One line for reports that says what the strategy does. Default: `A strategy that is not from the catalogue.` */
  readonly about?: string
  /** The accounts whose quota the strategy uses. Its optimum is that of their quotas together. Default: the world's first account. */
  readonly accounts?: readonly string[]
  /** The models whose quota the strategy uses. Default: the model of the scenario. */
  readonly models?: readonly string[]
}

/** A strategy that takes part in a case, with its description for reports and the quotas that it uses. */
export interface ResolvedStrategy {
  readonly contestant: Contestant
  readonly strategy: Strategy
  readonly quotas: readonly Quota[]
}

/**
 * Resolves a strategy that takes part in a world. It is given by its name in the catalogue, or as a strategy itself. Throws an
 * `InputError` as `strategyNamed` does.
 */
export function resolveStrategy(given: string | OwnStrategy, knowledge: ClientKnowledge): ResolvedStrategy {
  const id = typeof given === 'string' ? given : given.name
  const entry = typeof given === 'string' ? entryNamed(given) : entryOfOwnStrategy(given)
  const strategy = entry.build(knowledge)
  const use = entry.quotaUse?.(knowledge) ?? {
    text: '1 account',
    accounts: [knowledge.world.accounts[0]!.name],
    models: [knowledge.model],
  }
  const { about, solution, terms } = entry
  return {
    contestant: {
      id,
      label: strategy.name,
      about,
      quotaText: use.text,
      ...(solution !== undefined && { solution }),
      ...(terms !== undefined && { terms }),
    },
    strategy,
    quotas: use.accounts.flatMap((account) => use.models.map((model) => quotaOf(knowledge, account, model))),
  }
}

function entryOfOwnStrategy(own: OwnStrategy): CatalogueEntry {
  return {
    about: own.about ?? 'A strategy that is not from the catalogue.',
    build: () => own,
    quotaUse({ world, model }) {
      const { accounts = [world.accounts[0]!.name], models = [model] } = own
      const text = accounts.length === 1 ? '1 account' : `${accounts.length} accounts`
      return { text: models.length === 1 ? text : `${text}, ${models.length} models`, accounts, models }
    },
  }
}

/** Returns the limits that one account grants for one model, and how they are raised during the run. */
export function quotaOf({ world, profile }: ClientKnowledge, account: string, model: string): Quota {
  const raises = (world.events ?? []).filter((event) => event.account === account && event.model === model)
  return { limits: profile.models[model]?.limits ?? [], raises }
}
