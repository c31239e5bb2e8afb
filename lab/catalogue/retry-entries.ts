import { type RetryOptions, retry } from '../../src/strategies/retry/retry.ts'
import { type SdkOpenaiOptions, sdkOpenai } from '../../src/strategies/retry/sdk-openai.ts'
import { type CatalogueEntry, row } from './entry.ts'
import { backoffKinds } from './option-kinds.ts'

/** The strategies that try again, and know no limit. */
export const retryEntries: Readonly<Record<string, CatalogueEntry>> = {
  'sdk-openai': row<SdkOpenaiOptions>({
    about: 'The OpenAI SDK’s own retries: 2, after 0.5 and 1 s, each up to a quarter shorter.',
    options: { retries: 'number' },
    build: (_, given) => sdkOpenai(given),
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
}
