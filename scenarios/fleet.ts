import type { Case, Scenario } from '../src/scenario/scenario.ts'

const shared = {
  lengths: {
    kind: 'log-normal',
    prompt: { median: 600, spread: 0.8, most: 8000 },
    output: { median: 150, spread: 0.8, most: 1024 },
  },
  maxTokens: 2048,
  patience: 1_800_000,
  horizon: 1_800_000,
} as const

const atOnce = [2, 4, 8, 16].map(
  (processes): Case => ({
    ...shared,
    name: `at-once-${processes}`,
    title: '{processes} processes with {arrivals.calls} calls together, which start at once',
    arrivals: { kind: 'at-once', calls: 2400 },
    processes,
  }),
)

/** Each process has so many calls that the first ones still have some a minute after the last has joined. */
const joining = [2, 4, 8, 16].map(
  (processes): Case => ({
    ...shared,
    name: `joining-${processes}`,
    title: '{processes} processes with {arrivals.calls} calls together, one more every {joinEvery}',
    arrivals: { kind: 'at-once', calls: 800 * processes },
    processes,
    joinEvery: 20_000,
  }),
)

export default {
  name: 'fleet',
  title: 'A fleet of processes on one account of qwen3-max',
  question:
    'Which strategy shares the quota of one account between processes that do not talk, and how soon does a newcomer get its part?',
  model: 'qwen3-max',
  world: {
    profile: 'article',
    accounts: [{ name: 'main', keys: ['sk-main'] }],
  },
  strategies: ['retry-equal', 'retry-pace', 'aimd', 'atb', 'steer', 'tide', 'recommended'],
  cases: [...atOnce, ...joining],
} satisfies Scenario
