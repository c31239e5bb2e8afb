import type { Case, Scenario } from '../src/scenario/scenario.ts'

const lengths = {
  kind: 'log-normal',
  prompt: { median: 600, spread: 0.8, most: 8000 },
  output: { median: 150, spread: 0.8, most: 1024 },
} as const
const chat = { lengths, maxTokens: 2048, horizon: 900_000 } as const
const batch = { arrivals: { kind: 'at-once', calls: 2000 }, patience: 600_000, ...chat } as const

export default {
  name: 'field',
  title: 'The field on one account of qwen3-max',
  question: 'Which strategy should a client on one account use, whatever its workload?',
  model: 'qwen3-max',
  world: { profile: 'article', accounts: [{ name: 'main', keys: ['sk-main-1', 'sk-main-2', 'sk-main-3'] }] },
  strategies: [
    // These are told nothing.
    'none',
    'article-backoff',
    'article-queue',
    'sdk-openai',
    'fixed',
    'expo-nojitter',
    'retry-full',
    'retry-equal',
    'retry-decorrelated',
    'wait-window',
    'aws-standard',
    'retry-budget',
    'retry-breaker',
    'server-wait',
    'error-aware',
    'aimd',
    'aws-adaptive',
    'atb',
    'aatb',
    'sre-throttle',
    'inspect',
    'data-designer',
    'llm-d',
    'alibaba-ebp',
    'gradient2',
    'steer',
    'tide',
    'recommended',
    // These are told the limits.
    'queue',
    'cookbook',
    'retry-pace',
    'retry-concurrency',
    'retry-bucket',
    'retry-gcra',
    'retry-dual-bucket',
    'retry-mirror',
    'retry-hedge',
    'retry-lifo',
    'tide-told',
  ],
  cases: [
    { name: 'batch', title: '{arrivals.calls} calls at once', ...batch },
    {
      name: 'raised',
      title: '{arrivals.calls} calls at once, every limit tripled after one minute',
      ...batch,
      world: { events: [{ at: 60_000, account: 'main', model: 'qwen3-max', factor: 3 }] },
      baseline: 'batch',
    },
    {
      name: 'overload',
      title:
        'Poisson arrivals at {quota.share} of the quota of {quota.unit} ({arrivals.perSecond} a second, {arrivals.until})',
      arrivals: { kind: 'poisson', perSecond: 20, until: 600_000 },
      patience: 120_000,
      ...chat,
    },
    {
      name: 'busy',
      title:
        'Poisson arrivals at {quota.share} of the quota of {quota.unit} ({arrivals.perSecond} a second, {arrivals.until})',
      arrivals: { kind: 'poisson', perSecond: 9, until: 600_000 },
      patience: 120_000,
      ...chat,
    },
    {
      name: 'snapshot',
      title: '{arrivals.calls} calls at once under the limits of a snapshot ({quota.minute} calls a minute)',
      arrivals: { kind: 'at-once', calls: 300 },
      patience: 600_000,
      ...chat,
      world: { limits: 'rps:1,rpm:60,tpm:100000' },
    },
  ] satisfies Case[],
} satisfies Scenario
