import { stack } from '../../src/core/strategy.ts'
import { type ConcurrencyOptions, concurrency } from '../../src/strategies/pacing/concurrency.ts'
import { type PaceOptions, pace } from '../../src/strategies/pacing/pace.ts'
import { type QueueOptions, queue } from '../../src/strategies/pacing/queue.ts'
import { type RetryOptions, retry } from '../../src/strategies/retry/retry.ts'
import { callsPerMinute, callsPerSecond } from './client-knowledge.ts'
import { type CatalogueEntry, row } from './entry.ts'
import { lineKinds, paceKinds, retryKinds } from './option-kinds.ts'
import { pacePerSecond } from './pace-share.ts'

/** The strategies that wait before they send, and are told the limits. */
export const pacingEntries: Readonly<Record<string, CatalogueEntry>> = {
  queue: row<QueueOptions>({
    about: 'The article’s queue without its race: each caller reserves its slot before it waits. No retry.',
    options: { rpm: 'number' },
    build: (knowledge, given) => queue({ rpm: callsPerMinute(knowledge), ...given }),
  }),
  pace: row<PaceOptions>({
    about: 'Even spacing at 95 % of the tightest request limit. No retry.',
    options: paceKinds,
    build: (knowledge, given) => pace({ perSecond: pacePerSecond(knowledge), ...given }),
  }),
  'retry-pace': row<RetryOptions & PaceOptions>({
    about: 'Even spacing at 95 % of the tightest request limit; what is denied all the same is retried first.',
    options: { ...retryKinds, ...paceKinds },
    build: (knowledge, given) =>
      stack(retry({ jitter: 'equal', ...given }), pace({ perSecond: pacePerSecond(knowledge), ...given })),
  }),
  'retry-concurrency': row<RetryOptions & ConcurrencyOptions>({
    about: 'Retries, with as many calls in flight as the limit bears at 4 s a reply (Little’s law).',
    options: { ...retryKinds, ...lineKinds, limit: 'number' },
    build: (knowledge, given) =>
      stack(
        retry({ jitter: 'equal', ...given }),
        concurrency({ limit: Math.ceil(4 * callsPerSecond(knowledge)), ...given }),
      ),
  }),
}
