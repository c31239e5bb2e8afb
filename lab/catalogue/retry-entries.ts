import { type AwsStandardOptions, awsStandard } from '../../src/strategies/retry/aws-standard.ts'
import { type RetryOptions, retry } from '../../src/strategies/retry/retry.ts'
import { type RetryBudgetOptions, retryBudget } from '../../src/strategies/retry/retry-budget.ts'
import { type SdkOpenaiOptions, sdkOpenai } from '../../src/strategies/retry/sdk-openai.ts'
import { type WaitWindowOptions, waitWindow } from '../../src/strategies/retry/wait-window.ts'
import { callsPerSecond } from './client-knowledge.ts'
import { type CatalogueEntry, row } from './entry.ts'
import { backoffKinds, jitterlessKinds } from './option-kinds.ts'

/** The retries of a budget beside its share of the calls, as a share of the request limit. */
const budgetShare = 0.05

/** The strategies that try again. They know no limit; only the size of a budget follows from one. */
export const retryEntries: Readonly<Record<string, CatalogueEntry>> = {
  'sdk-openai': row<SdkOpenaiOptions>({
    about: 'The OpenAI SDK’s own retries: 2, after 0.5 and 1 s, each up to a quarter shorter.',
    options: { retries: 'number' },
    build: (_, given) => sdkOpenai(given),
  }),
  'retry-full': row<Omit<RetryOptions, 'jitter'>>({
    about: 'Retries with full jitter.',
    options: jitterlessKinds,
    build: (_, given) => retry({ jitter: 'full', ...given }),
  }),
  'retry-equal': row<Omit<RetryOptions, 'jitter'>>({
    about: 'Retries with equal jitter.',
    options: jitterlessKinds,
    build: (_, given) => retry({ jitter: 'equal', ...given }),
  }),
  'retry-decorrelated': row<Omit<RetryOptions, 'jitter'>>({
    about: 'Retries with decorrelated jitter.',
    options: jitterlessKinds,
    build: (_, given) => retry({ jitter: 'decorrelated', ...given }),
  }),
  fixed: row<Omit<RetryOptions, 'jitter'>>({
    about: 'Retries 1 s apart.',
    options: jitterlessKinds,
    build: (_, { base = 1000, ...given }) => retry({ attempts: 5, jitter: 'none', base, cap: base, ...given }),
  }),
  'expo-nojitter': row<Omit<RetryOptions, 'jitter'>>({
    about: 'Retries with exponential waits that have no jitter.',
    options: jitterlessKinds,
    build: (_, given) => retry({ jitter: 'none', ...given }),
  }),
  'wait-window': row<WaitWindowOptions>({
    about: 'Retries after the window of the limit has passed: a minute and up to 10 s.',
    options: { attempts: 'number', window: 'number', spread: 'number' },
    build: (_, given) => waitWindow(given),
  }),
  'retry-after-aware': row<Omit<RetryOptions, 'jitter'>>({
    about: 'Retries with full jitter, and follows advice of up to 120 s.',
    options: jitterlessKinds,
    build: (_, given) => retry({ jitter: 'full', longestAdvice: 120_000, ...given }),
  }),
  'aws-standard': row<AwsStandardOptions>({
    about:
      'The standard mode of the AWS SDKs: 3 attempts with full jitter, and a quota of retries that all calls share.',
    options: { attempts: 'number', quota: 'number', retryCost: 'number' },
    build: (_, given) => awsStandard(given),
  }),
  'retry-budget': row<RetryBudgetOptions>({
    about: 'Retries with full jitter out of a budget: 20 % of the calls, and 5 % of the request limit.',
    options: { ...backoffKinds, share: 'number', minPerSecond: 'number', ttl: 'number' },
    build: (knowledge, given) => retryBudget({ minPerSecond: budgetShare * callsPerSecond(knowledge), ...given }),
  }),
}
