import { slugOf } from './file-name.ts'
import type { Start } from './start.ts'

/** Returns a scenario to begin with: calls of people, at a rate that one account just bears. */
export function scenarioStart(file: string): Start {
  return {
    source: source(slugOf(file, 'my-scenario')),
    test: test(file),
    needs: ['vitest'],
    next: (path) => `run ${path}`,
  }
}

const source = (name: string) => `import type { Scenario } from 'ratelab'

// A scenario is a question as data: a simulated world, the calls that are made in it, and the strategies to compare.
// All times are in milliseconds.

export default {
  name: '${name}',
  title: 'Questions of people to qwen3-max',
  question: 'Which strategy answers most calls, and how long do callers wait?',
  model: 'qwen3-max',
  world: {
    // The profile gives limits and prices: article, intl, cn-beijing, or the path of your own such as './my-profile.ts'.
    profile: 'article',
    accounts: [{ name: 'main', keys: ['sk-main'] }],
  },
  // Names from \`ratelab list\`, names with options such as 'retry-full:attempts=5', paths of plug-ins such as './my-strategy.ts', or
  // strategies themselves.
  strategies: ['none', 'retry-full:attempts=5', 'retry-pace'],
  cases: [
    {
      name: 'busy',
      // A key of \`--set\` in braces is replaced by its value.
      title: '{arrivals.perSecond} calls a second',
      // Calls that come one by one at this mean rate, until this instant.
      arrivals: { kind: 'poisson', perSecond: 9, until: 60_000 },
      // The tokens of each prompt and each answer.
      lengths: { kind: 'fixed', prompt: 500, output: 200 },
      maxTokens: 1000,
      // How long a caller waits, and the instant at which the run ends.
      patience: 30_000,
      horizon: 120_000,
    },
  ],
} satisfies Scenario
`

const test = (file: string) => `import { runStudy } from 'ratelab/lab'
import { expect, test } from 'vitest'
import scenario from './${file}'

// Three seeds are enough to see that the scenario runs; a report is made from more. A busy machine may need longer than the five seconds that
// vitest gives a test.
test('retries answer more calls than no strategy at all', async () => {
  const { cases } = await runStudy(scenario, { strategies: ['none', 'retry-pace'], seeds: 3 })
  for (const { rows } of cases) {
    const success = Object.fromEntries(rows.map(({ id, metrics }) => [id, metrics.success.value]))
    expect(success['retry-pace']).toBeGreaterThan(success.none ?? 1)
  }
}, 60_000)
`
