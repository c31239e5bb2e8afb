import { stack } from '../../src/core/strategy.ts'
import { batchEndpoint } from '../../src/scenario/batch-chat.ts'
import { type PaceOptions, pace } from '../../src/strategies/pacing/pace.ts'
import { type RetryOptions, retry } from '../../src/strategies/retry/retry.ts'
import { type BatchLaneOptions, batchLane } from '../../src/strategies/targets/batch-lane.ts'
import { type BreakerOptions, breaker } from '../../src/strategies/targets/breaker.ts'
import { type FallbackOptions, fallback } from '../../src/strategies/targets/fallback.ts'
import { type HedgeOptions, hedge } from '../../src/strategies/targets/hedge.ts'
import { type QuotaRotationOptions, quotaRotation } from '../../src/strategies/targets/quota-rotation.ts'
import { type RotationOptions, rotation } from '../../src/strategies/targets/rotation.ts'
import { accountKeys, toldLimits } from './client-knowledge.ts'
import { type CatalogueEntry, row } from './entry.ts'
import { backoffKinds, gatedLineKinds, paceKinds, retryKinds } from './option-kinds.ts'
import { pacePerSecond } from './pace-share.ts'
import { rotationTerms, severalAccounts } from './several-accounts.ts'
import { fallbackModels, limitsOfModels, severalModels } from './several-models.ts'

type KeyOptions = Omit<QuotaRotationOptions, 'keys' | 'limits'>
const keyKinds = { ...gatedLineKinds, attempts: 'number', cooldown: 'number', choose: 'text' } as const

/** The strategies that change where a call goes. */
export const targetEntries: Readonly<Record<string, CatalogueEntry>> = {
  rotation: row<Omit<RotationOptions, 'keys'>>({
    about: 'Rotation over several accounts that tries the next key at once, and waits and retries when all deny.',
    terms: rotationTerms,
    options: backoffKinds,
    build: (knowledge, given) => rotation({ keys: accountKeys(knowledge), ...given }),
    quotaUse: severalAccounts,
  }),
  'rotation-cooldown': row<KeyOptions>({
    about:
      'Rotation over several accounts to the key with the fewest calls in flight; a key that denies rests for 5 s.',
    terms: rotationTerms,
    options: keyKinds,
    build: (knowledge, given) =>
      quotaRotation({ keys: accountKeys(knowledge), choose: 'least-busy', cooldown: 5000, ...given }),
    quotaUse: severalAccounts,
  }),
  'rotation-quota': row<KeyOptions>({
    about: 'Rotation over several accounts that keeps the windows of each itself, and sends as soon as one has room.',
    terms: rotationTerms,
    options: keyKinds,
    build: (knowledge, given) =>
      quotaRotation({ keys: accountKeys(knowledge), limits: toldLimits(knowledge), ...given }),
    quotaUse: severalAccounts,
  }),
  'fallback-wait': row<Omit<FallbackOptions, 'models' | 'limits'>>({
    about:
      'Keeps the windows of each model itself, and waits up to 5 s for the best one before it falls back to the next.',
    options: { ...gatedLineKinds, attempts: 'number', wait: 'number', cooldown: 'number' },
    build: (knowledge, given) =>
      fallback({ models: fallbackModels(knowledge), limits: limitsOfModels(knowledge), ...given }),
    quotaUse: severalModels,
  }),
  'retry-hedge': row<RetryOptions & HedgeOptions & PaceOptions>({
    about: 'Spaced evenly, with a second attempt at a call whose first one has no reply after 2 s; retries first.',
    options: { ...retryKinds, ...paceKinds, after: 'number' },
    build: (knowledge, given) =>
      stack(
        retry({ jitter: 'equal', ...given }),
        pace({ perSecond: pacePerSecond(knowledge), ...given }),
        hedge(given),
      ),
  }),
  'batch-lane': row<RetryOptions & PaceOptions & Omit<BatchLaneOptions, 'endpoint'>>({
    about:
      'Spaced evenly with retries; a call that would wait longer than a minute goes to Batch Chat, at half the price, within an hour. Its optimum is that of a provider without limits.',
    options: { ...retryKinds, ...paceKinds, after: 'number', longest: 'number' },
    build: (knowledge, given) =>
      batchLane(stack(retry({ jitter: 'equal', ...given }), pace({ perSecond: pacePerSecond(knowledge), ...given })), {
        endpoint: batchEndpoint,
        ...given,
      }),
    quotaUse: ({ world, model }) => ({
      text: '1 account and Batch Chat',
      accounts: [world.accounts[0]!.name],
      models: [model],
      beyondLimits: true,
    }),
  }),
  'retry-breaker': row<RetryOptions & BreakerOptions>({
    about:
      'Retries, and lets calls wait for 10 s when half of the attempts of 30 s were denied; then one call finds out.',
    options: {
      ...retryKinds,
      ...gatedLineKinds,
      threshold: 'number',
      window: 'number',
      least: 'number',
      rest: 'number',
      park: 'flag',
    },
    build: (_, given) => stack(retry({ jitter: 'equal', ...given }), breaker(given)),
  }),
}
