import { didYouMean } from '../src/checks/did-you-mean.ts'
import { InputError } from '../src/checks/input-error.ts'
import { type Strategy, stack } from '../src/core/strategy.ts'
import { articleBackoff } from '../src/strategies/article/backoff.ts'
import { articleFallback } from '../src/strategies/article/fallback.ts'
import { articleProxyClient } from '../src/strategies/article/proxy-client.ts'
import { articleQueue } from '../src/strategies/article/queue.ts'
import { articleRotation } from '../src/strategies/article/rotation.ts'
import { concurrency } from '../src/strategies/pacing/concurrency.ts'
import { pace } from '../src/strategies/pacing/pace.ts'
import { queue } from '../src/strategies/pacing/queue.ts'
import { retry } from '../src/strategies/retry/retry.ts'
import { rotation } from '../src/strategies/targets/rotation.ts'
import {
  accountKeys,
  type ClientKnowledge,
  callsPerMinute,
  callsPerSecond,
  gatewayOf,
  ownAccounts,
  ownKeys,
} from './client-knowledge.ts'

/** The quota that a strategy uses: that of each account for each model. `text` is how a report names it. */
export interface QuotaUse {
  readonly text: string
  readonly accounts: readonly string[]
  readonly models: readonly string[]
}

export interface CatalogueEntry {
  readonly about: string
  readonly solution?: number
  readonly terms?: string
  build(knowledge: ClientKnowledge): Strategy
  quotaUse?(knowledge: ClientKnowledge): QuotaUse
}

const rotationTerms =
  'Rotating accounts to get round a limit can breach the provider’s terms of service; check them first.'
const proxyTerms =
  'Reselling or sharing pooled quota can breach the provider’s terms of service; check them, and the proxy’s, first.'

/**
 * The pace of a strategy as a share of the limit. A pace equal to the limit is denied whenever the network delays of two attempts
 * differ. For delays with the standard deviation σ and a window W, the share 1 / (1 + 3√2·σ/W) keeps denials to about 1 %. With
 * σ = 13 ms, as in the default network, and a window of one second, it is 0.95.
 */
const paceShare = 0.95

const fallbackModels = ['qwen3-max', 'qwen-plus', 'qwen-turbo']

/** The strategies that `--strategies` and scenarios name. Their options are derived from the documented limits of the world. */
const entries: Readonly<Record<string, CatalogueEntry>> = {
  none: { about: 'Sends once and takes what comes.', build: () => stack() },
  'article-backoff': {
    about: 'The article’s exponential backoff as printed: 5 tries, 2^k + U(0,1) s between them.',
    solution: 2,
    build: () => articleBackoff({}),
  },
  'article-queue': {
    about:
      'The article’s request queue as printed, with its race: concurrent callers wait the same interval and leave together.',
    solution: 2,
    build: (knowledge) => articleQueue({ rpm: callsPerMinute(knowledge) }),
  },
  'article-rotation': {
    about: 'The article’s rotation as printed, over three keys of one account.',
    solution: 3,
    terms: rotationTerms,
    build: (knowledge) => articleRotation({ keys: ownKeys(knowledge) }),
  },
  'article-rotation-accounts': {
    about: 'The article’s rotation as printed, over one key of each of several accounts.',
    solution: 3,
    terms: rotationTerms,
    build: (knowledge) => articleRotation({ keys: accountKeys(knowledge) }),
    quotaUse: severalAccounts,
  },
  'article-fallback': {
    about: 'The article’s fallback as printed: qwen3-max, then qwen-plus, then qwen-turbo.',
    solution: 4,
    build: () => articleFallback({ models: fallbackModels }),
    quotaUse: ({ world }) => ({
      text: `1 account, ${fallbackModels.length} models`,
      accounts: [world.accounts[0]!.name],
      models: fallbackModels,
    }),
  },
  'article-proxy': {
    about:
      'The article’s proxy client as printed: 3 tries, 2^k s between them, against a pool of accounts behind one endpoint.',
    solution: 1,
    terms: proxyTerms,
    build: (knowledge) => articleProxyClient({ endpoint: gatewayOf(knowledge).endpoint, key: ownKeys(knowledge)[0]! }),
    quotaUse: (knowledge) => ({
      text: `pool of ${gatewayOf(knowledge).accounts.length} accounts`,
      accounts: gatewayOf(knowledge).accounts,
      models: [knowledge.model],
    }),
  },
  queue: {
    about: 'The article’s queue without its race: each caller reserves its slot before it waits. No retry.',
    build: (knowledge) => queue({ rpm: callsPerMinute(knowledge) }),
  },
  rotation: {
    about: 'Rotation over several accounts that tries the next key at once, and waits and retries when all deny.',
    terms: rotationTerms,
    build: (knowledge) => rotation({ keys: accountKeys(knowledge) }),
    quotaUse: severalAccounts,
  },
  'retry-full': { about: 'Retries with full jitter.', build: () => retry({ jitter: 'full' }) },
  'retry-equal': { about: 'Retries with equal jitter.', build: () => retry({ jitter: 'equal' }) },
  'retry-decorrelated': {
    about: 'Retries with decorrelated jitter.',
    build: () => retry({ jitter: 'decorrelated' }),
  },
  pace: {
    about: 'Even spacing at 95 % of the tightest request limit. No retry.',
    build: (knowledge) => pace({ perSecond: paceShare * callsPerSecond(knowledge) }),
  },
  'retry-pace': {
    about: 'Even spacing at 95 % of the tightest request limit; what is denied all the same is retried first.',
    build: (knowledge) => stack(retry({ jitter: 'equal' }), pace({ perSecond: paceShare * callsPerSecond(knowledge) })),
  },
  'retry-concurrency': {
    about: 'Retries, with as many calls in flight as the limit bears at 4 s a reply (Little’s law).',
    build: (knowledge) =>
      stack(retry({ jitter: 'equal' }), concurrency({ limit: Math.ceil(4 * callsPerSecond(knowledge)) })),
  },
}

export const strategyNames: readonly string[] = Object.keys(entries)

/** Returns the error for a name that the catalogue does not have. */
export function unknownStrategy(id: string): InputError {
  const names = strategyNames.join(', ')
  const hint = didYouMean(id, strategyNames)
  return new InputError(`Expected a strategy (${names}), got ${JSON.stringify(id)}${hint}`, 'STRATEGY_UNKNOWN')
}

/**
 * Builds the strategy of this name, with options that are derived from what its client knows. Throws an `InputError` for a name
 * that the catalogue does not have, and for an entry that needs more accounts, or a gateway, than the world has.
 */
export function strategyNamed(id: string, knowledge: ClientKnowledge): Strategy {
  return entryNamed(id).build(knowledge)
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

/** Returns a line about each strategy of the catalogue, and a warning where the provider's terms may forbid it. */
export function aboutStrategies(): { name: string; about: string; terms?: string }[] {
  return Object.entries(entries).map(([name, { about, terms }]) => ({
    name,
    about,
    ...(terms !== undefined && { terms }),
  }))
}

function severalAccounts(knowledge: ClientKnowledge): QuotaUse {
  const accounts = ownAccounts(knowledge).map(({ name }) => name)
  return { text: `${accounts.length} accounts`, accounts, models: [knowledge.model] }
}
