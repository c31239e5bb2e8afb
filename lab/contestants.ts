import { basename, extname, resolve } from 'node:path'
import { expectInputError, InputError, joinedErrors } from '../src/checks/input-error.ts'
import { isPath } from '../src/checks/path.ts'
import { type Check, isObject, oneOf } from '../src/checks/shape.ts'
import type { Contestant } from '../src/compare/raw-result.ts'
import { OptionError, show } from '../src/core/expect.ts'
import type { Strategy } from '../src/core/strategy.ts'
import { pooledLimits, type Quota } from '../src/optimum/quota.ts'
import { limitSteps } from '../src/scenario/limit-changes.ts'
import type { OwnStrategy } from '../src/scenario/scenario.ts'
import { switchesOf } from '../src/scenario/switches.ts'
import { entryNamed, strategyNames } from './catalogue/catalogue.ts'
import { type ClientKnowledge, callsPerSecond, unlimited } from './catalogue/client-knowledge.ts'
import type { CatalogueEntry, NamedOptions } from './catalogue/entry.ts'
import type { QuotaDraw } from './optimum/optimum-of.ts'
import { loadPlugIn, ownStrategyProblems, type PlugIn } from './plug-in.ts'
import { variantOf, variantProblems } from './strategy-variant.ts'

/** A strategy of a study: a name from the catalogue, also with options; a plug-in that is loaded; or a strategy itself. */
export type Entrant = string | PlugIn | OwnStrategy

/** A strategy that takes part in a case, with its description for reports and the quotas that it draws on. */
export interface ResolvedStrategy {
  readonly contestant: Contestant
  readonly strategy: Strategy
  readonly draws: readonly QuotaDraw[]
}

const catalogueName = oneOf(strategyNames)

/** Checks an item of a list of strategies, as far as that is possible before plug-ins are loaded. */
export const strategyItemProblems: Check = (field, item) => {
  if (typeof item === 'string') {
    if (isPath(item)) return []
    return item.includes(':') ? variantProblems(field, item) : catalogueName(field, item)
  }
  if (isObject(item) && typeof item.wrap === 'function') return ownStrategyProblems(field, item)
  return [
    `Expected \`${field}\` to be a name from the catalogue, the path of a plug-in or a strategy (name and wrap), got ${show(item)}`,
  ]
}

/** Returns the name that a strategy has in reports. No two strategies of a study may have the same one. */
export function strategyId(item: unknown): unknown {
  if (typeof item !== 'string') return isObject(item) ? item.name : undefined
  if (isPath(item)) return basename(item, extname(item))
  return item.includes(':') && variantProblems('', item).length === 0 ? variantOf(item).id : item
}

/** Returns an item of a list of strategies. The path of a plug-in is counted from this folder, and becomes absolute. */
export function absoluteItem<T>(item: T, folder: string): T | string {
  return typeof item === 'string' && isPath(item) ? resolve(folder, item) : item
}

/** Returns the strategies, with each path replaced by its plug-in. Rejects with an `InputError` that has the problems of all plug-ins. */
export async function entrantsOf(items: readonly (string | OwnStrategy)[]): Promise<readonly Entrant[]> {
  const errors: InputError[] = []
  const entrants: Entrant[] = []
  for (const item of items)
    try {
      entrants.push(typeof item === 'string' && isPath(item) ? await loadPlugIn(item) : item)
    } catch (error) {
      errors.push(expectInputError(error))
    }
  if (errors.length > 0) throw joinedErrors(errors)
  return entrants
}

/**
 * Resolves a strategy that takes part in a world. Throws an `InputError` as `strategyNamed` does, for an option whose value the
 * strategy refuses, and as `PlugIn.strategyFor` does.
 */
export function resolveStrategy(entrant: Entrant, knowledge: ClientKnowledge): ResolvedStrategy {
  const { id, entry, given } = described(entrant, knowledge)
  const strategy = built(id, entry, knowledge, given)
  const use = entry.quotaUse?.(knowledge) ?? {
    text: '1 account',
    accounts: [knowledge.world.accounts[0]!.name],
    models: [knowledge.model],
  }
  const { about, solution, terms } = entry
  const { beyondLimits } = use
  const draws = use.accounts.flatMap((account) =>
    use.models.map((model) => ({ account, model, ...(beyondLimits && { beyondLimits }) })),
  )
  const bounding = beyondLimits ? unlimited(knowledge) : knowledge
  return {
    contestant: {
      id,
      label: strategy.name,
      about,
      quotaText: use.text,
      limits: pooledLimits(
        draws.map(({ account, model }) => quotaOf(bounding, account, model)),
        switchesOf(knowledge.world.switches).window,
      ),
      ...(solution !== undefined && { solution }),
      ...(terms !== undefined && { terms }),
    },
    strategy,
    draws,
  }
}

interface Described {
  readonly id: string
  readonly entry: CatalogueEntry
  readonly given: NamedOptions
}

function described(entrant: Entrant, knowledge: ClientKnowledge): Described {
  if (typeof entrant === 'string')
    return entrant.includes(':') ? variantOf(entrant) : { id: entrant, entry: entryNamed(entrant), given: {} }
  const own = 'strategyFor' in entrant ? entrant.strategyFor(knowledge) : entrant
  return { id: entrant.name, entry: entryOfOwnStrategy(own), given: {} }
}

function built(
  id: string,
  { build, options }: CatalogueEntry,
  knowledge: ClientKnowledge,
  given: NamedOptions,
): Strategy {
  try {
    return build(knowledge, given)
  } catch (error) {
    if (!(error instanceof OptionError)) throw error
    const message = `${error.message} (in ${id}, whose options are ${Object.keys(options).join(', ')})`
    throw new InputError(`${message}${noRequestLimit(knowledge)}`, 'STRATEGY_INVALID')
  }
}

/** Says that defaults cannot follow from a request limit when the profile has none. Empty when it has one. */
function noRequestLimit(knowledge: ClientKnowledge): string {
  if (Number.isFinite(callsPerSecond(knowledge))) return ''
  const { profile, model } = knowledge
  return (
    `; its default follows from the limits on requests, and the profile ${profile.name} has none for ${model}: ` +
    'give the option a value, or leave the strategy out'
  )
}

function entryOfOwnStrategy(own: OwnStrategy): CatalogueEntry {
  return {
    about: own.about ?? 'A strategy that is not from the catalogue.',
    options: {},
    build: () => own,
    quotaUse({ world, model }) {
      const { accounts = [world.accounts[0]!.name], models = [model], beyondLimits = false } = own
      const text = accounts.length === 1 ? '1 account' : `${accounts.length} accounts`
      const quota = models.length === 1 ? text : `${text}, ${models.length} models`
      return { text: beyondLimits ? `${quota} and Batch Chat` : quota, accounts, models, beyondLimits }
    },
  }
}

/** Returns the limits that one account grants for one model, and how they change during the run. */
export function quotaOf({ world, profile }: ClientKnowledge, account: string, model: string): Quota {
  const changes = limitSteps(world.events).filter((step) => step.account === account && step.model === model)
  return { limits: profile.models[model]?.limits ?? [], changes }
}
