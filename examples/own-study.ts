import type { Scenario, Strategy } from 'ratelab'
import { runStudy } from 'ratelab/lab'

// A study of one's own, run by a program: node examples/own-study.ts
// A night job puts 900 questions to qwen3-max at once. Is it enough to ask again, ever later, or does even spacing do better?

/** The code under test: after a 429 it waits one second, then two, then three. */
const askAgain: Strategy = {
  name: 'ask-again(8 tries)',
  wrap:
    (next, { clock }) =>
    async (call) => {
      for (let attempt = 1; ; attempt++) {
        const reply = await next(call)
        if (reply.kind !== 'throttled' || attempt === 8) return reply
        await clock.sleep(1000 * attempt, call.signal)
      }
    },
}

const nightJob: Scenario = {
  name: 'night-job',
  title: 'A night job on qwen3-max',
  question: 'Is it enough to ask again?',
  model: 'qwen3-max',
  world: { profile: 'article', accounts: [{ name: 'ours', keys: ['sk-ours'] }] },
  strategies: ['retry-pace'],
  cases: [
    {
      name: 'all-at-once',
      title: '{arrivals.calls} questions at once',
      arrivals: { kind: 'at-once', calls: 900 },
      lengths: { kind: 'fixed', prompt: 700, output: 200 },
      maxTokens: 500,
      patience: 600_000,
      horizon: 900_000,
    },
  ],
}

const comparison = await runStudy(nightJob, { strategies: [askAgain, 'retry-pace'], seeds: [1, 2, 3, 4, 5, 6] })
for (const { rows } of comparison.cases)
  for (const { id, metrics, rank } of rows) {
    const [answered, efficiency] = [metrics.success, metrics.efficiency].map(({ value }) => (100 * value).toFixed(1))
    console.log(`${rank}. ${id}: ${answered} % answered, ${efficiency} % of what is reachable`)
  }
