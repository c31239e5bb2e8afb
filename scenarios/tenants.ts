import type { Scenario } from '../src/scenario/scenario.ts'
import type { Tenant } from '../src/scenario/tenants.ts'

const web: Tenant = { name: 'web', share: 3, priority: 2 }
const app: Tenant = { name: 'app', share: 1, priority: 1, lengths: { kind: 'shape', shape: 'api' } }
const shared = {
  arrivals: { kind: 'poisson', perSecond: 4, until: 600_000 },
  lengths: { kind: 'shape', shape: 'chat' },
  maxTokens: 2048,
  patience: 120_000,
  horizon: 720_000,
} as const

export default {
  name: 'tenants',
  title: 'Two tenants and a greedy one on qwen3-max',
  question: 'What is left for modest tenants when a greedy one shares their quota?',
  model: 'qwen3-max',
  world: {
    profile: 'article',
    accounts: [{ name: 'main', keys: ['sk-main'] }],
  },
  strategies: ['retry-equal', 'retry-pace'],
  cases: [
    {
      name: 'modest',
      title: 'Two tenants with {arrivals.perSecond} calls a second, three of four from one of them',
      ...shared,
      tenants: [web, app],
    },
    {
      name: 'greedy-batch',
      title: 'The same, and a third tenant with a batch',
      ...shared,
      tenants: [web, app, { name: 'greedy', priority: 0, arrivals: { kind: 'at-once', calls: 2000 } }],
    },
    {
      name: 'greedy-bursts',
      title: 'The same, and a third tenant that offers more than the quota in bursts',
      ...shared,
      tenants: [
        web,
        app,
        {
          name: 'greedy',
          priority: 0,
          arrivals: { kind: 'on-off', perSecond: 30, on: 20_000, off: 60_000, until: 600_000 },
        },
      ],
    },
  ],
} satisfies Scenario
