import type { Scenario } from '../src/scenario/scenario.ts'

const lengths = {
  kind: 'log-normal',
  prompt: { median: 600, spread: 0.8, most: 8000 },
  output: { median: 150, spread: 0.8, most: 1024 },
} as const
const shared = { lengths, maxTokens: 2048, patience: 120_000, horizon: 900_000 } as const

export default {
  name: 'steady',
  title: 'Steady traffic on qwen3-max',
  question: 'Which strategy keeps waits short below the quota, and which still serves the most above it?',
  model: 'qwen3-max',
  world: {
    profile: 'article',
    accounts: [{ name: 'main', keys: ['sk-main-1', 'sk-main-2', 'sk-main-3'] }],
  },
  strategies: [
    'none',
    'article-backoff',
    'article-queue',
    'article-rotation',
    'article-fallback',
    'bare-backoff',
    'bare-queue',
    'bare-rotation',
    'bare-fallback',
    'queue',
    'retry-full',
    'retry-equal',
    'retry-decorrelated',
    'retry-concurrency',
    'retry-pace',
  ],
  cases: [
    {
      name: 'below-quota',
      title:
        'Poisson arrivals at {quota.share} of the quota of {quota.unit} ({arrivals.perSecond} a second, {arrivals.until})',
      arrivals: { kind: 'poisson', perSecond: 5.5, until: 600_000 },
      ...shared,
    },
    {
      name: 'double-quota',
      title:
        'Poisson arrivals at {quota.share} of the quota of {quota.unit} ({arrivals.perSecond} a second, {arrivals.until})',
      arrivals: { kind: 'poisson', perSecond: 20, until: 600_000 },
      ...shared,
    },
  ],
} satisfies Scenario
