import { didYouMean } from '../../src/checks/did-you-mean.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { show } from '../../src/core/expect.ts'
import { type Strategy, stack } from '../../src/core/strategy.ts'
import { type ConcurrencyOptions, concurrency } from '../../src/strategies/pacing/concurrency.ts'
import { type PaceOptions, pace } from '../../src/strategies/pacing/pace.ts'
import { type QueueOptions, queue } from '../../src/strategies/pacing/queue.ts'
import { type RetryOptions, retry } from '../../src/strategies/retry/retry.ts'
import { type SdkOpenaiOptions, sdkOpenai } from '../../src/strategies/retry/sdk-openai.ts'
import { type RotationOptions, rotation } from '../../src/strategies/targets/rotation.ts'
import { bare, overSdk } from './article-entries.ts'
import { accountKeys, type ClientKnowledge, callsPerMinute, callsPerSecond } from './client-knowledge.ts'
import { type CatalogueEntry, row } from './entry.ts'
import { rotationTerms, severalAccounts } from './several-accounts.ts'

const backoffKinds = { attempts: 'number', base: 'number', cap: 'number' } as const
const retryKinds = { ...backoffKinds, jitter: 'text' } as const
const paceKinds = { perSecond: 'number', retriesFirst: 'flag' } as const

/**
 * The pace of a strategy as a share of the limit. A pace equal to the limit is denied whenever the network delays of two attempts
 * differ. For delays with the standard deviation σ and a window W, the share 1 / (1 + 3√2·σ/W) keeps denials to about 1 %. With
 * σ = 13 ms, as in the default network, and a window of one second, it is 0.95.
 */
const paceShare = 0.95

/** The strategies that `--strategies` and scenarios name. Their options are derived from the documented limits of the world. */
const entries: Readonly<Record<string, CatalogueEntry>> = {
  none: row<object>({ about: 'Sends once and takes what comes.', options: {}, build: () => stack() }),
  ...overSdk(),
  ...bare(),
  'sdk-openai': row<SdkOpenaiOptions>({
    about: 'The OpenAI SDK’s own retries: 2, after 0.5 and 1 s, each up to a quarter shorter.',
    options: { retries: 'number' },
    build: (_, given) => sdkOpenai(given),
  }),
  queue: row<QueueOptions>({
    about: 'The article’s queue without its race: each caller reserves its slot before it waits. No retry.',
    options: { rpm: 'number' },
    build: (knowledge, given) => queue({ rpm: callsPerMinute(knowledge), ...given }),
  }),
  rotation: row<Omit<RotationOptions, 'keys'>>({
    about: 'Rotation over several accounts that tries the next key at once, and waits and retries when all deny.',
    terms: rotationTerms,
    options: backoffKinds,
    build: (knowledge, given) => rotation({ keys: accountKeys(knowledge), ...given }),
    quotaUse: severalAccounts,
  }),
  'retry-full': row<Omit<RetryOptions, 'jitter'>>({
    about: 'Retries with full jitter.',
    options: backoffKinds,
    build: (_, given) => retry({ jitter: 'full', ...given }),
  }),
  'retry-equal': row<Omit<RetryOptions, 'jitter'>>({
    about: 'Retries with equal jitter.',
    options: backoffKinds,
    build: (_, given) => retry({ jitter: 'equal', ...given }),
  }),
  'retry-decorrelated': row<Omit<RetryOptions, 'jitter'>>({
    about: 'Retries with decorrelated jitter.',
    options: backoffKinds,
    build: (_, given) => retry({ jitter: 'decorrelated', ...given }),
  }),
  pace: row<PaceOptions>({
    about: 'Even spacing at 95 % of the tightest request limit. No retry.',
    options: paceKinds,
    build: (knowledge, given) => pace({ perSecond: paceShare * callsPerSecond(knowledge), ...given }),
  }),
  'retry-pace': row<RetryOptions & PaceOptions>({
    about: 'Even spacing at 95 % of the tightest request limit; what is denied all the same is retried first.',
    options: { ...retryKinds, ...paceKinds },
    build: (knowledge, given) =>
      stack(retry({ jitter: 'equal', ...given }), pace({ perSecond: paceShare * callsPerSecond(knowledge), ...given })),
  }),
  'retry-concurrency': row<RetryOptions & ConcurrencyOptions>({
    about: 'Retries, with as many calls in flight as the limit bears at 4 s a reply (Little’s law).',
    options: { ...retryKinds, limit: 'number' },
    build: (knowledge, given) =>
      stack(
        retry({ jitter: 'equal', ...given }),
        concurrency({ limit: Math.ceil(4 * callsPerSecond(knowledge)), ...given }),
      ),
  }),
}

export const strategyNames: readonly string[] = Object.keys(entries)

/** Returns the error for a name that the catalogue does not have. */
export function unknownStrategy(id: string): InputError {
  const names = strategyNames.join(', ')
  const hint = didYouMean(id, strategyNames)
  return new InputError(`Expected a strategy (${names}), got ${show(id)}${hint}`, 'STRATEGY_UNKNOWN')
}

/**
 * Builds the strategy of this name, with options that are derived from what its client knows. Throws an `InputError` for a name
 * that the catalogue does not have, and for an entry that needs more accounts, or a gateway, than the world has.
 */
export function strategyNamed(id: string, knowledge: ClientKnowledge): Strategy {
  return entryNamed(id).build(knowledge, {})
}

/** Returns the row of this name. Throws an `InputError` for a name that the catalogue does not have. */
export function entryNamed(id: string): CatalogueEntry {
  const entry = Object.hasOwn(entries, id) ? entries[id] : undefined
  if (!entry) throw unknownStrategy(id)
  return entry
}

/** Returns the names of the strategies that can run in this world: all except those that need more accounts, or a gateway. */
export function strategiesFor(knowledge: ClientKnowledge): string[] {
  return strategyNames.filter((id) => {
    try {
      strategyNamed(id, knowledge)
      return true
    } catch (error) {
      if (error instanceof InputError) return false
      throw error
    }
  })
}

/**
 * Returns a line about each strategy of the catalogue, the names of the options that it takes, and a warning where the provider's
 * terms may forbid it.
 */
export function aboutStrategies(): { name: string; about: string; options: readonly string[]; terms?: string }[] {
  return Object.entries(entries).map(([name, { about, options, terms }]) => ({
    name,
    about,
    options: Object.keys(options),
    ...(terms !== undefined && { terms }),
  }))
}
