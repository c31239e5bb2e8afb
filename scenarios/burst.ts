import type { LogNormal } from '../src/scenario/lengths/log-normal.ts'
import type { Scenario } from '../src/scenario/scenario.ts'

const prompt: LogNormal = { median: 600, spread: 0.8, most: 8000 }
const output: LogNormal = { median: 150, spread: 0.8, most: 1024 }
const chat = { lengths: { kind: 'log-normal', prompt, output }, maxTokens: 2048, horizon: 900_000 } as const
const pool = ['pool-1', 'pool-2', 'pool-3', 'pool-4', 'pool-5']

export default {
  name: 'burst',
  title: 'A burst against qwen3-max',
  question:
    'Which of the article’s solutions survives a burst against qwen3-max, and how far is each from the optimum?',
  model: 'qwen3-max',
  world: {
    profile: 'article',
    accounts: [
      { name: 'main', keys: ['sk-main-1', 'sk-main-2', 'sk-main-3'] },
      { name: 'second', keys: ['sk-second'] },
      { name: 'third', keys: ['sk-third'] },
      ...pool.map((name) => ({ name, keys: [`sk-${name}`] })),
    ],
    gateways: [
      {
        endpoint: 'proxy',
        accounts: pool,
        balance: 'least-busy',
        failover: 2,
        hopDelay: 15,
        // This is the price factor of the article's table. The article's headline gives 0.088.
        priceFactor: 0.88,
        // The article gives an availability of 99.9 %, which is 30 s of outage in about 8 h.
        outages: { meanUp: 8 * 3_600_000, meanDown: 30_000 },
      },
    ],
  },
  strategies: [
    'none',
    'article-backoff',
    'article-queue',
    'article-rotation',
    'article-rotation-accounts',
    'article-fallback',
    'article-proxy',
    'bare-backoff',
    'bare-queue',
    'bare-rotation',
    'bare-rotation-accounts',
    'bare-fallback',
    'bare-proxy',
    'queue',
    'rotation',
    'retry-equal',
    'retry-pace',
  ],
  cases: [
    {
      name: 'batch',
      title: '{arrivals.calls} calls at once',
      arrivals: { kind: 'at-once', calls: 2000 },
      patience: 600_000,
      ...chat,
    },
    {
      name: 'within-the-minute',
      title: '{arrivals.calls} calls at once, where a minute bears {quota.minute} and a second {quota.second}',
      arrivals: { kind: 'at-once', calls: 300 },
      patience: 600_000,
      ...chat,
    },
    {
      name: 'raised',
      title: '{arrivals.calls} calls at once, every limit tripled after one minute (solution 5)',
      arrivals: { kind: 'at-once', calls: 2000 },
      patience: 600_000,
      ...chat,
      world: { events: [{ at: 60_000, account: 'main', model: 'qwen3-max', factor: 3 }] },
      baseline: 'batch',
      // The other strategies give up before the quota is raised, so their results would be those of the batch.
      strategies: ['queue', 'retry-equal', 'retry-pace'],
    },
    {
      name: 'raised-tokens',
      // The raise that was documented as a self-service is one of TPM alone.
      title: '{arrivals.calls} calls at once, only TPM tripled after one minute (the documented self-service)',
      arrivals: { kind: 'at-once', calls: 2000 },
      patience: 600_000,
      ...chat,
      world: { events: [{ at: 60_000, account: 'main', model: 'qwen3-max', factor: 3, unit: 'tokens' }] },
      baseline: 'batch',
      strategies: ['queue', 'retry-equal', 'retry-pace'],
    },
  ],
} satisfies Scenario
