import { stack } from '../../src/core/strategy.ts'
import { type BucketOptions, bucket } from '../../src/strategies/pacing/bucket.ts'
import { type CookbookOptions, cookbook } from '../../src/strategies/pacing/cookbook.ts'
import { type DualBucketOptions, dualBucket } from '../../src/strategies/pacing/dual-bucket.ts'
import { type GcraOptions, gcra } from '../../src/strategies/pacing/gcra.ts'
import { type ServerWaitOptions, serverWait } from '../../src/strategies/pacing/server-wait.ts'
import { type WindowMirrorOptions, windowMirror } from '../../src/strategies/pacing/window-mirror.ts'
import { type RetryOptions, retry } from '../../src/strategies/retry/retry.ts'
import { callsPerMinute, tokensPerMinute, toldLimits } from './client-knowledge.ts'
import { type CatalogueEntry, row } from './entry.ts'
import { gatedLineKinds, retryKinds } from './option-kinds.ts'

/** The options of a strategy that is told the limits, which nobody can give by name, and of the retries around it. */
type Told<Options> = RetryOptions & Omit<Options, 'limits'>

const bucketKinds = { ...retryKinds, ...gatedLineKinds, burst: 'number', share: 'number' } as const

/** The strategies that keep an account of the provider's limits, which they are told, and of their own sends; and those of documents. */
export const toldEntries: Readonly<Record<string, CatalogueEntry>> = {
  'retry-bucket': row<Told<BucketOptions>>({
    about:
      'A token bucket for requests, sized so that it exceeds no limit; what is denied all the same is retried first.',
    options: bucketKinds,
    build: (knowledge, given) =>
      stack(retry({ jitter: 'equal', ...given }), bucket({ limits: toldLimits(knowledge), ...given })),
  }),
  'retry-gcra': row<Told<GcraOptions>>({
    about: 'The generic cell rate algorithm, with an interval that exceeds no limit of requests; retries first.',
    options: { ...retryKinds, ...gatedLineKinds, tolerance: 'number', share: 'number' },
    build: (knowledge, given) =>
      stack(retry({ jitter: 'equal', ...given }), gcra({ limits: toldLimits(knowledge), ...given })),
  }),
  'retry-dual-bucket': row<Told<DualBucketOptions>>({
    about:
      'A bucket of requests and one of tokens, which are reserved before and corrected after the answer; retries first.',
    options: bucketKinds,
    build: (knowledge, given) =>
      stack(retry({ jitter: 'equal', ...given }), dualBucket({ limits: toldLimits(knowledge), ...given })),
  }),
  'retry-mirror': row<Told<WindowMirrorOptions>>({
    about: 'Keeps the provider’s windows itself and sends as soon as all have room; retries first.',
    options: { ...retryKinds, ...gatedLineKinds, pad: 'number' },
    build: (knowledge, given) =>
      stack(retry({ jitter: 'equal', ...given }), windowMirror({ limits: toldLimits(knowledge), ...given })),
  }),
  cookbook: row<Pick<RetryOptions, 'attempts'> & CookbookOptions>({
    about: 'OpenAI’s cookbook: full buckets of a minute’s requests and tokens, 15 s of pause after a 429, 5 attempts.',
    options: { attempts: 'number', ...gatedLineKinds, rpm: 'number', tpm: 'number', pause: 'number' },
    // Its queue of retries has no wait of its own, and its loop looks at it each millisecond.
    build: (knowledge, given) =>
      stack(
        retry({ attempts: 5, jitter: 'none', base: 1, cap: 1, ...given }),
        cookbook({ rpm: callsPerMinute(knowledge), tpm: tokensPerMinute(knowledge), ...given }),
      ),
  }),
  'server-wait': row<RetryOptions & ServerWaitOptions>({
    about: 'Lets the provider hold a call up to 30 s that its burst guard denies, and retries what other limits deny.',
    options: { ...retryKinds, wait: 'number' },
    build: (_, given) => stack(retry({ jitter: 'equal', ...given }), serverWait(given)),
  }),
}
