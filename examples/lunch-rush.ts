import type { Scenario } from 'ratelab'

// A scenario of one's own: npx ratelab run examples/lunch-rush.ts
// Figures in braces follow what --set changes.
// A support bot on qwen-plus: quiet mornings, and three times the traffic when everybody comes back from lunch.
export default {
  name: 'lunch-rush',
  title: 'A lunch rush on qwen-plus',
  question: 'Does even spacing hold the answers within 30 seconds when traffic triples?',
  model: 'qwen-plus',
  world: {
    profile: 'intl',
    accounts: [{ name: 'ours', keys: ['sk-ours'] }],
    switches: { rejectsCount: true },
  },
  strategies: ['none', 'retry-full', 'retry-pace'],
  cases: [
    {
      name: 'rush',
      title: '{arrivals.before} calls a second, {arrivals.after} from {arrivals.at} on',
      arrivals: { kind: 'step', before: 4, after: 12, at: 300_000, until: 600_000 },
      lengths: {
        kind: 'log-normal',
        prompt: { median: 900, spread: 0.6, most: 6000 },
        output: { median: 200, spread: 0.5, most: 1000 },
      },
      maxTokens: 1000,
      patience: 60_000,
      horizon: 900_000,
    },
  ],
} satisfies Scenario
