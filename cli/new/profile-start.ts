import { slugOf } from './file-name.ts'
import type { Start } from './start.ts'

/** Returns a profile to begin with: one model whose limits and prices the user replaces by those of the own account. */
export function profileStart(file: string): Start {
  return {
    source: source(slugOf(file, 'my-profile')),
    test: test(file),
    needs: ['vitest'],
    next: (path) => `run steady --profile ${path}`,
  }
}

const source = (name: string) => `import type { Profile } from 'ratelab'

// A profile holds what a provider grants one account: limits, prices and free tokens by model. The numbers here are examples: replace
// them by those that your provider's console shows for your account.

export default {
  // The name that reports and \`ratelab list\` show, and the name for people.
  name: '${name}',
  title: 'Our own account',
  // The currency of all prices: USD or CNY.
  currency: 'USD',
  // How error bodies are written: as the service writes them (dashscope), or as the article prints them (article).
  spelling: 'dashscope',
  // The page that error messages link to.
  docs: 'https://www.alibabacloud.com/help/en/model-studio/error-code',
  models: {
    'qwen3-max': {
      // The limits that are enforced in any window, which is in milliseconds. rpm and tpm count requests and tokens; rps and tps do so in
      // windows shorter than a minute. Those with shorter windows come first. An empty list means that there is no limit.
      limits: [
        { rule: 'rps', limit: 20, window: 1000 },
        { rule: 'rpm', limit: 1200, window: 60_000 },
        { rule: 'tpm', limit: 2_000_000, window: 60_000 },
      ],
      // Prices per million tokens, by the length of the prompt. The last tier is for all longer prompts.
      prices: [
        { upTo: 32_000, input: 1.2, output: 6 },
        { upTo: Infinity, input: 3, output: 15 },
      ],
      // The tokens that a new account may use without a bill.
      freeTokens: 1_000_000,
      // Where the numbers come from, and how certain they are: H (documented, or seen twice), M (seen once) or L (one claim).
      source: 'limits: our console; prices: the price list',
      confidence: 'H',
    },
  },
} satisfies Profile
`

const test = (file: string) => `import { runStudy } from 'ratelab/lab'
import { mock, virtualClock } from 'ratelab/mock'
import { expect, test } from 'vitest'
import profile from './${file}'

// A mock checks the profile, and would list every problem with it.
test('the mock provider accepts the profile', () => {
  const provider = mock({ timeline: virtualClock(), profile })
  expect(Object.keys(provider.profile.models)).toEqual(Object.keys(profile.models))
})

// Three seeds are enough to see that a scenario runs under these limits; a report is made from more. A busy machine may need longer than the five
// seconds that vitest gives a test.
test('a scenario runs under these limits', async () => {
  const { cases } = await runStudy('steady', { strategies: ['retry-pace'], seeds: 3, profile })
  for (const { rows } of cases) expect(rows[0]?.metrics.success.value).toBeGreaterThan(0)
}, 60_000)
`
