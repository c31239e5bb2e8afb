import type { Scenario } from 'ratelab'

// This is a scenario of your own. Run it: npx ratelab run examples/lunch-rush.ts
// A support bot on qwen-plus gets three times the traffic when people come back from lunch.
// Keys in braces in the title are replaced by their values, so that the title stays true when --set changes a value.
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
