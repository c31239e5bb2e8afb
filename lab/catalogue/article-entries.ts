import { stack } from '../../src/core/strategy.ts'
import { type ArticleBackoffOptions, articleBackoff } from '../../src/strategies/article/backoff.ts'
import { articleFallback } from '../../src/strategies/article/fallback.ts'
import { type ArticleProxyClientOptions, articleProxyClient } from '../../src/strategies/article/proxy-client.ts'
import { type ArticleQueueOptions, articleQueue } from '../../src/strategies/article/queue.ts'
import { articleRotation } from '../../src/strategies/article/rotation.ts'
import { sdkOpenai } from '../../src/strategies/retry/sdk-openai.ts'
import { accountKeys, callsPerMinute, gatewayOf, ownKeys } from './client-knowledge.ts'
import { type CatalogueEntry, row } from './entry.ts'
import { rotationTerms, severalAccounts } from './several-accounts.ts'
import { fallbackModels, severalModels } from './several-models.ts'

const proxyTerms =
  'Reselling or sharing pooled quota can breach the provider’s terms of service; check them, and the proxy’s, first.'

/** The strategies of the article by the ends of their names, without what is beneath them. Their code is as the article prints it. */
const printed: Readonly<Record<string, CatalogueEntry>> = {
  backoff: row<ArticleBackoffOptions>({
    about: 'The article’s exponential backoff as printed: 5 tries, 2^k + U(0,1) s between them.',
    solution: 2,
    options: { attempts: 'number' },
    build: (_, given) => articleBackoff(given),
  }),
  queue: row<ArticleQueueOptions>({
    about:
      'The article’s request queue as printed, with its race: concurrent callers wait the same interval and leave together.',
    solution: 2,
    options: { rpm: 'number' },
    build: (knowledge, given) => articleQueue({ rpm: callsPerMinute(knowledge), ...given }),
  }),
  rotation: row<object>({
    about: 'The article’s rotation as printed, over three keys of one account.',
    solution: 3,
    terms: rotationTerms,
    options: {},
    build: (knowledge) => articleRotation({ keys: ownKeys(knowledge) }),
  }),
  'rotation-accounts': row<object>({
    about: 'The article’s rotation as printed, over one key of each of several accounts.',
    solution: 3,
    terms: rotationTerms,
    options: {},
    build: (knowledge) => articleRotation({ keys: accountKeys(knowledge) }),
    quotaUse: severalAccounts,
  }),
  fallback: row<object>({
    about: 'The article’s fallback as printed: qwen3-max, then qwen-plus, then qwen-turbo.',
    solution: 4,
    options: {},
    build: (knowledge) => articleFallback({ models: fallbackModels(knowledge) }),
    quotaUse: severalModels,
  }),
  proxy: row<Pick<ArticleProxyClientOptions, 'attempts'>>({
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
}

/**
 * The article's strategies as a reader runs them. Each listing calls the OpenAI SDK with its defaults, which retries twice itself. So
 * each attempt of the listing is up to three attempts at the provider.
 */
export function overSdk(): Record<string, CatalogueEntry> {
  return renamed('article', (entry) => ({
    ...entry,
    about: `${entry.about} Beneath it the OpenAI SDK retries twice itself.`,
    build: (knowledge, given) => stack(entry.build(knowledge, given), sdkOpenai()),
  }))
}

/** The same without the retries of the SDK, as with `max_retries=0`. They are not what a reader runs, so they are no solutions of the article. */
export function bare(): Record<string, CatalogueEntry> {
  return renamed('bare', ({ solution: _, ...entry }) => ({
    ...entry,
    about: `${entry.about} The SDK’s own retries are off.`,
  }))
}

function renamed(prefix: string, change: (entry: CatalogueEntry) => CatalogueEntry): Record<string, CatalogueEntry> {
  return Object.fromEntries(Object.entries(printed).map(([name, entry]) => [`${prefix}-${name}`, change(entry)]))
}
