import { didYouMean } from '../src/checks/did-you-mean.ts'
import { InputError } from '../src/checks/input-error.ts'
import type { Contestant } from '../src/compare/raw-result.ts'
import { type Strategy, stack } from '../src/core/strategy.ts'
import type { Quota } from '../src/optimum/quota.ts'
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

/** Which quota a strategy draws on: every account with every model. */
interface QuotaUse {
  readonly text: string
  readonly accounts: readonly string[]
  readonly models: readonly string[]
}

interface Entry {
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
 * A pacer right at the limit is denied whenever two delays differ. With a one-way standard deviation σ and a window W,
 * u = 1 / (1 + 3√2·σ/W) keeps denials to about 1 %: 0.95 for the 13 ms of the default network and a window of one second.
 */
const paceShare = 0.95

const fallbackModels = ['qwen3-max', 'qwen-plus', 'qwen-turbo']

/** The strategies that `--strategies` and scenarios name, with the options that the world's documented limits suggest. */
const entries: Readonly<Record<string, Entry>> = {
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

/** The error for a name that the catalogue does not have. */
export function unknownStrategy(id: string): InputError {
  const names = strategyNames.join(', ')
  const hint = didYouMean(id, strategyNames)
  return new InputError(`Expected a strategy (${names}), got ${JSON.stringify(id)}${hint}`, 'STRATEGY_UNKNOWN')
}

/**
 * The strategy of this name, with the options that suit what its client knows. Throws an `InputError` for a name that the
 * catalogue does not have, and for an entry that needs more accounts than the world has, or a gateway.
 */
export function strategyNamed(id: string, knowledge: ClientKnowledge): Strategy {
  return entryNamed(id).build(knowledge)
}

function entryNamed(id: string): Entry {
  const entry = Object.hasOwn(entries, id) ? entries[id] : undefined
  if (!entry) throw unknownStrategy(id)
  return entry
}

/** The names of the strategies that this world can carry out: all but those that need further accounts, or a gateway. */
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

/** A strategy that is not from the catalogue, with what a report says of it. Every `Strategy` is one. */
export interface OwnStrategy extends Strategy {
  /** One line for reports: what it does. */
  readonly about?: string
  /** The accounts on whose quota it draws, by name; its optimum is that of all of them. Default: the first account of the world. */
  readonly accounts?: readonly string[]
  /** The models on whose quota it draws. Default: the model of the scenario. */
  readonly models?: readonly string[]
}

/** A strategy that takes part: how it is introduced, how it sends, and what quota it draws on. */
export interface Entrant {
  readonly contestant: Contestant
  readonly strategy: Strategy
  readonly quotas: readonly Quota[]
}

/** Who takes part in a world: by a name from the catalogue, or as a strategy. */
export function entrant(chosen: string | OwnStrategy, knowledge: ClientKnowledge): Entrant {
  const id = typeof chosen === 'string' ? chosen : chosen.name
  const entry = typeof chosen === 'string' ? entryNamed(chosen) : entryOf(chosen)
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

function entryOf(own: OwnStrategy): Entry {
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

export function aboutStrategies(): { name: string; about: string; terms?: string }[] {
  return Object.entries(entries).map(([name, { about, terms }]) => ({
    name,
    about,
    ...(terms !== undefined && { terms }),
  }))
}

/** What one account grants for one model in a world. */
export function quotaOf({ world, profile }: ClientKnowledge, account: string, model: string): Quota {
  const raises = (world.events ?? []).filter((event) => event.account === account && event.model === model)
  return { limits: profile.models[model]?.limits ?? [], raises }
}

function severalAccounts(knowledge: ClientKnowledge): QuotaUse {
  const accounts = ownAccounts(knowledge).map(({ name }) => name)
  return { text: `${accounts.length} accounts`, accounts, models: [knowledge.model] }
}
