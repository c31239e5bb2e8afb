import { InputError } from '../../src/checks/input-error.ts'
import type { Limit } from '../../src/core/limit.ts'
import { articleModels } from '../../src/strategies/article/fallback.ts'
import { type ClientKnowledge, toldLimits } from './client-knowledge.ts'
import type { QuotaUse } from './entry.ts'

/** Returns those models of the article's chain that the profile has. Throws an `InputError` when it has none of them. */
export function fallbackModels({ profile }: ClientKnowledge): readonly string[] {
  const models = articleModels.filter((model) => Object.hasOwn(profile.models, model))
  if (models.length > 0) return models
  throw new InputError(
    `Expected the profile ${profile.name} to have one of the models ${articleModels.join(', ')} for fallback, got none: ` +
      'add one, or leave the strategy out',
    'STRATEGY_UNSUPPORTED',
  )
}

/** Returns the limits of each of those models. */
export function limitsOfModels(knowledge: ClientKnowledge): Record<string, readonly Limit[]> {
  return Object.fromEntries(fallbackModels(knowledge).map((model) => [model, toldLimits({ ...knowledge, model })]))
}

/** Returns the quota of a strategy that falls back to other models of the client's first account. */
export function severalModels(knowledge: ClientKnowledge): QuotaUse {
  const models = fallbackModels(knowledge)
  const text = models.length === 1 ? '1 account' : `1 account, ${models.length} models`
  return { text, accounts: [knowledge.world.accounts[0]!.name], models }
}
