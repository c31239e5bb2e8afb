import type { Scenario } from '../src/scenario/scenario.ts'

export default {
  name: 'replay',
  title: 'A recorded trace against qwen3-max',
  question: 'Which strategy would have served these recorded calls best on the quota of qwen3-max?',
  model: 'qwen3-max',
  world: {
    profile: 'article',
    accounts: [{ name: 'main', keys: ['sk-main-1', 'sk-main-2', 'sk-main-3'] }],
  },
  trace: 'traces/example.csv',
  strategies: [
    'none',
    'article-backoff',
    'article-queue',
    'article-fallback',
    'queue',
    'retry-full',
    'retry-equal',
    'retry-pace',
  ],
  cases: [
    {
      name: 'recorded',
      title: 'The recorded calls, at {arrivals.speed}× their speed',
      arrivals: { kind: 'trace', speed: 1, factor: 1 },
      lengths: { kind: 'trace' },
      maxTokens: 4096,
      patience: 120_000,
      horizon: Infinity,
    },
  ],
} satisfies Scenario
