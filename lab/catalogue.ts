import { didYouMean } from '../src/checks/did-you-mean.ts'
import { InputError } from '../src/checks/input-error.ts'
import { type Strategy, stack } from '../src/core/strategy.ts'
import { type ArticleBackoffOptions, articleBackoff } from '../src/strategies/article/backoff.ts'
import { articleFallback, articleModels } from '../src/strategies/article/fallback.ts'
import { type ArticleProxyClientOptions, articleProxyClient } from '../src/strategies/article/proxy-client.ts'
import { type ArticleQueueOptions, articleQueue } from '../src/strategies/article/queue.ts'
import { articleRotation } from '../src/strategies/article/rotation.ts'
import { type ConcurrencyOptions, concurrency } from '../src/strategies/pacing/concurrency.ts'
import { type PaceOptions, pace } from '../src/strategies/pacing/pace.ts'
import { type QueueOptions, queue } from '../src/strategies/pacing/queue.ts'
import { type RetryOptions, retry } from '../src/strategies/retry/retry.ts'
import { type RotationOptions, rotation } from '../src/strategies/targets/rotation.ts'
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

/** What an option may be when it is given by its name: a number, true or false, or a text. */
export type OptionKind = 'number' | 'flag' | 'text'

/** The values of options that were given by their names. */
export type NamedOptions = Readonly<Record<string, number | boolean | string>>

/** How a strategy of a study is built, and what a report states about it. */
export interface CatalogueEntry {
  readonly about: string
  readonly solution?: number
  readonly terms?: string
  /** The options of the strategy that can be given by name, as in `retry-full:attempts=5`. */
  readonly options: Readonly<Record<string, OptionKind>>
  /** Builds the strategy. An option in `given` replaces the one that the entry would use. */
  build(knowledge: ClientKnowledge, given: NamedOptions): Strategy
  quotaUse?(knowledge: ClientKnowledge): QuotaUse
}

type KindOf<T> = T extends number ? 'number' : T extends boolean ? 'flag' : 'text'
/** The kind of each option of a factory: none may be left out, and each must fit its type. */
type OptionKinds<O> = { readonly [K in keyof Required<O>]: KindOf<NonNullable<O[K]>> }

/** An entry of the catalogue whose strategy takes the options `O`. The types hold that `options` lists all of them. */
interface Row<O> extends Omit<CatalogueEntry, 'options' | 'build'> {
  readonly options: OptionKinds<O>
  build(knowledge: ClientKnowledge, given: Partial<O>): Strategy
}

/** The types of a row are exact; those of the table are the same for every row, because names and values come from a user's text. */
function row<O>(entry: Row<O>): CatalogueEntry {
  return entry as unknown as CatalogueEntry
}

const backoffKinds = { attempts: 'number', base: 'number', cap: 'number' } as const
const retryKinds = { ...backoffKinds, jitter: 'text' } as const
const paceKinds = { perSecond: 'number', retriesFirst: 'flag' } as const

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

/** Returns those models of the article's chain that the profile has. Throws an `InputError` when it has none of them. */
function fallbackModels({ profile }: ClientKnowledge): readonly string[] {
  const models = articleModels.filter((model) => Object.hasOwn(profile.models, model))
  if (models.length > 0) return models
  throw new InputError(
    `Expected the profile ${profile.name} to have one of the models ${articleModels.join(', ')} for article-fallback, got none: ` +
      'add one, or leave the strategy out',
    'STRATEGY_UNSUPPORTED',
  )
}

/** The strategies that `--strategies` and scenarios name. Their options are derived from the documented limits of the world. */
const entries: Readonly<Record<string, CatalogueEntry>> = {
  none: row<object>({ about: 'Sends once and takes what comes.', options: {}, build: () => stack() }),
  'article-backoff': row<ArticleBackoffOptions>({
    about: 'The article’s exponential backoff as printed: 5 tries, 2^k + U(0,1) s between them.',
    solution: 2,
    options: { attempts: 'number' },
    build: (_, given) => articleBackoff(given),
  }),
  'article-queue': row<ArticleQueueOptions>({
    about:
      'The article’s request queue as printed, with its race: concurrent callers wait the same interval and leave together.',
    solution: 2,
    options: { rpm: 'number' },
    build: (knowledge, given) => articleQueue({ rpm: callsPerMinute(knowledge), ...given }),
  }),
  'article-rotation': row<object>({
    about: 'The article’s rotation as printed, over three keys of one account.',
    solution: 3,
    terms: rotationTerms,
    options: {},
    build: (knowledge) => articleRotation({ keys: ownKeys(knowledge) }),
  }),
  'article-rotation-accounts': row<object>({
    about: 'The article’s rotation as printed, over one key of each of several accounts.',
    solution: 3,
    terms: rotationTerms,
    options: {},
    build: (knowledge) => articleRotation({ keys: accountKeys(knowledge) }),
    quotaUse: severalAccounts,
  }),
  'article-fallback': row<object>({
    about: 'The article’s fallback as printed: qwen3-max, then qwen-plus, then qwen-turbo.',
    solution: 4,
    options: {},
    build: (knowledge) => articleFallback({ models: fallbackModels(knowledge) }),
    quotaUse: (knowledge) => {
      const models = fallbackModels(knowledge)
      const text = models.length === 1 ? '1 account' : `1 account, ${models.length} models`
      return { text, accounts: [knowledge.world.accounts[0]!.name], models }
    },
  }),
  'article-proxy': row<Pick<ArticleProxyClientOptions, 'attempts'>>({
    about:
      'The article’s proxy client as printed: 3 tries, 2^k s between them, against a pool of accounts behind one endpoint.',
    solution: 1,
    terms: proxyTerms,
    options: { attempts: 'number' },
    build: (knowledge, given) =>
      articleProxyClient({ endpoint: gatewayOf(knowledge).endpoint, key: ownKeys(knowledge)[0]!, ...given }),
    quotaUse: (knowledge) => ({
      text: `pool of ${gatewayOf(knowledge).accounts.length} accounts`,
      accounts: gatewayOf(knowledge).accounts,
      models: [knowledge.model],
    }),
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
  return new InputError(`Expected a strategy (${names}), got ${JSON.stringify(id)}${hint}`, 'STRATEGY_UNKNOWN')
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

function severalAccounts(knowledge: ClientKnowledge): QuotaUse {
  const accounts = ownAccounts(knowledge).map(({ name }) => name)
  return { text: `${accounts.length} accounts`, accounts, models: [knowledge.model] }
}
