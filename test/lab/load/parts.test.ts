import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { chatRequest } from '../../../lab/load/chat-request.ts'
import { failureCounts } from '../../../lab/load/failures.ts'
import { billedUsage, priceIn, spendingOf } from '../../../lab/load/spending.ts'
import { startDelays } from '../../../lab/load/start-delays.ts'
import { mock } from '../../../sim/mock/mock.ts'
import { profileOf } from '../../../sim/profiles/profiles.ts'
import { mockFetch } from '../../../sim/skins/fetch/virtual-fetch.ts'
import { virtualClock } from '../../../sim/time/virtual-clock.ts'
import type { Call, Usage } from '../../../src/core/call.ts'
import { CallSignal } from '../../../src/core/call-signal.ts'

const callOf = (changes: Partial<Call> = {}): Call => ({
  id: 7,
  target: { endpoint: 'dashscope', key: 'sk-ratelab', model: 'qwen-plus' },
  promptTokens: 100,
  maxTokens: 50,
  signal: new CallSignal(),
  deadline: Infinity,
  ...changes,
})

describe('a chat request', () => {
  test.each([10, 11, 100, 8000])(
    'has a prompt of %d tokens by the count of the mock, and the drawn answer',
    async (tokens) => {
      const clock = virtualClock()
      const fetch = mockFetch(mock({ timeline: clock, wire: { answerTokens: 5000, answerSpread: 0 } }))
      const body = chatRequest(callOf({ promptTokens: tokens }), 33, false)
      const headers = { authorization: 'Bearer sk-ratelab' }
      const response = await clock.run(
        fetch('http://mock.test/compatible-mode/v1/chat/completions', { method: 'POST', body, headers }),
      )
      const { usage } = (await response.json()) as { usage: unknown }
      expect(usage).toMatchObject({ prompt_tokens: tokens, completion_tokens: 33 })
    },
  )

  test('begins with the number of the call', () => {
    const prompts = [1, 2].map((id) => JSON.parse(chatRequest(callOf({ id }), 1, false)).messages[0].content)
    expect(prompts[0]).toMatch(/^1 the sun/)
    expect(prompts[1]).toMatch(/^2 the sun/)
  })
})

describe('the spending', () => {
  const profile = profileOf('intl')
  const model = 'qwen-plus'
  const highest = { promptTokens: 100, outputTokens: 50 }
  const most = priceIn(profile, model, highest)
  type Settle = (usage: Usage | undefined) => void

  test.prop([
    fc.nat(20),
    fc.nat(20),
    fc.array(fc.record({ settles: fc.boolean(), tokens: fc.option(fc.nat(50), { nil: undefined }) }), {
      maxLength: 60,
    }),
  ])('never exceeds its caps, whatever is under way', (maxRequests, calls, steps) => {
    const maxSpend = calls * most
    const spending = spendingOf(profile, { maxRequests, maxSpend })
    const underWay: Settle[] = []
    let sent = 0
    let spent = 0
    for (const { settles, tokens } of steps) {
      if (settles && underWay.length > 0) {
        const usage = tokens === undefined ? undefined : { promptTokens: 100, outputTokens: tokens }
        underWay.pop()!(usage)
        spent += priceIn(profile, model, usage ?? highest)
        continue
      }
      const taken = spending.take(model, highest)
      const wouldSpend = spent + (underWay.length + 1) * most
      // Sums in another order differ in their last digits.
      const isNear = Math.abs(wouldSpend - maxSpend) < 1e-12
      if (sent === maxRequests) expect(taken).toBe('maxRequests')
      else if (!isNear) expect(taken).toEqual(wouldSpend > maxSpend ? 'maxSpend' : expect.any(Function))
      if (typeof taken === 'string') continue
      sent++
      underWay.push(taken)
    }
    expect(sent).toBeLessThanOrEqual(maxRequests)
    expect(spent).toBeLessThanOrEqual(maxSpend + 1e-9)
  })

  test.each([
    ['an answer costs its tokens', { kind: 'ok', usage: highest, model, body: undefined }, most],
    ['a denial costs nothing', { kind: 'throttled', body: undefined }, 0],
    ['a failure costs nothing', { kind: 'failed', status: 500, retryable: true, body: undefined }, 0],
    ['no reply may have cost anything', { kind: 'failed', status: 0, retryable: true, body: undefined }, undefined],
    ['nor is it known of a caller who left', undefined, undefined],
  ] as const)('%s', (_what, reply, money) => {
    const usage = billedUsage(reply)
    expect(usage && priceIn(profile, model, usage)).toBe(money)
  })
})

describe('the delays of starts', () => {
  test('give a warning with figures from 1 % of late calls on', () => {
    const delays = startDelays()
    expect(delays.warning()).toBeUndefined()
    for (let i = 0; i < 199; i++) delays.started(i % 2)
    delays.started(500)
    expect(delays.warning()).toBeUndefined()
    delays.started(21)
    delays.started(90_000)
    expect(delays.warning()).toMatch(
      /^The generator fell behind: 1\.5 % of 202 calls started more than 20 ms .* the latest 1 min 30 s\./,
    )
  })
})

describe('the failures', () => {
  test('are counted by status and code, of which few are told apart', () => {
    const failures = failureCounts(['a-key-of-mine'])
    expect(failures.warning()).toBeUndefined()
    failures.add(401, 'invalid_api_key')
    failures.add(401, 'invalid_api_key')
    failures.add(0, 'ECONNRESET')
    failures.add(402, 'no credit for a-key-of-mine')
    for (let i = 0; i < 10; i++) failures.add(500, `code ${i}`)
    expect(failures.warning()).toBe(
      'Attempts that failed, none of them for a limit: 2 with status 401 (invalid_api_key), 1 with no reply (ECONNRESET), ' +
        '1 with status 402 (no credit for [redacted]), 1 with status 500 (code 0), 1 with status 500 (code 1) and 8 with other failures.',
    )
  })
})
