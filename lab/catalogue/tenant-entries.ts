import { stack } from '../../src/core/strategy.ts'
import type { PaceOptions } from '../../src/strategies/pacing/pace.ts'
import { type RetryOptions, retry } from '../../src/strategies/retry/retry.ts'
import { adaptiveLifo } from '../../src/strategies/tenants/adaptive-lifo.ts'
import { type PriorityOptions, priority } from '../../src/strategies/tenants/priority.ts'
import { type VtcOptions, vtc } from '../../src/strategies/tenants/vtc.ts'
import { type CatalogueEntry, row } from './entry.ts'
import { paceKinds, retryKinds } from './option-kinds.ts'
import { pacePerSecond } from './pace-share.ts'

/** Paces with retries that choose whom of their tenants, or which of their calls, they serve first. `retry-pace` serves who comes first. */
export const tenantEntries: Readonly<Record<string, CatalogueEntry>> = {
  'retry-priority': row<RetryOptions & PriorityOptions>({
    about: 'The pace of retry-pace that serves the highest priority first; a call rises by one rank in 30 s.',
    options: { ...retryKinds, ...paceKinds, aging: 'number' },
    build: (knowledge, given) =>
      stack(retry({ jitter: 'equal', ...given }), priority({ perSecond: pacePerSecond(knowledge), ...given })),
  }),
  'retry-vtc': row<RetryOptions & VtcOptions>({
    about: 'The pace of retry-pace that serves the tenant which has got the fewest tokens.',
    options: { ...retryKinds, ...paceKinds, promptWeight: 'number', outputWeight: 'number' },
    build: (knowledge, given) =>
      stack(retry({ jitter: 'equal', ...given }), vtc({ perSecond: pacePerSecond(knowledge), ...given })),
  }),
  'retry-lifo': row<RetryOptions & PaceOptions>({
    about:
      'The pace of retry-pace that serves the newest call first while the oldest has waited for half its patience.',
    options: { ...retryKinds, ...paceKinds },
    build: (knowledge, given) =>
      stack(retry({ jitter: 'equal', ...given }), adaptiveLifo({ perSecond: pacePerSecond(knowledge), ...given })),
  }),
}
