import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { answerProblem, type HeardAnswer } from '../../../attack/traffic/answer-check.ts'
import { askMock } from '../../../attack/traffic/ask-mock.ts'
import { hostileRequests } from '../../../attack/traffic/hostile-request.ts'
import { type Mock, mock } from '../../../sim/mock/mock.ts'
import { mockFetch } from '../../../sim/skins/fetch/virtual-fetch.ts'
import { type VirtualClock, virtualClock } from '../../../sim/time/virtual-clock.ts'
import type { WireRequest } from '../../../sim/wire/exchange.ts'

/** The limits are so low that some requests of a batch are throttled. */
const limits = { 'qwen-plus': [{ rule: 'rps' as const, limit: 10, window: 1000 }] }

function rig(): { clock: VirtualClock; provider: Mock } {
  const clock = virtualClock(1_800_000_000_000)
  return { clock, provider: mock({ timeline: clock, limits, wire: { answerTokens: 4 } }) }
}

async function hear(provider: Mock, request: WireRequest): Promise<HeardAnswer> {
  const answer = await askMock(provider, request)
  if (!answer || answer.isBroken) throw new Error('Expected an answer, got a broken connection')
  return answer
}

const described = ({ method, path, query, body }: WireRequest) => `${method} ${path}?${query} ${body.slice(0, 2000)}`

const allowed = [200, 400, 401, 403, 404, 405, 429]

function problemOf({ path }: WireRequest, heard: HeardAnswer): string | undefined {
  const { status, body } = heard
  if (!allowed.includes(status)) return `status ${status}`
  return answerProblem(path, heard) ?? (body.length > 1_000_000 ? `a body of ${body.length} characters` : undefined)
}

const batch = 100
/** The number of requests in all runs together. */
const total = 40_000

describe('hostile requests', () => {
  const seen = new Map<number, number>()

  test.prop([fc.array(hostileRequests, { minLength: batch, maxLength: batch, size: 'max' })], {
    numRuns: total / batch,
    // The message of a failure names the request that caused it.
    endOnFailure: true,
  })(
    'get a reply in the documented envelope, and leave no timers or requests in flight',
    async (requests) => {
      const { clock, provider } = rig()
      const all = requests.map((request) => hear(provider, request))
      const heard = await clock.run(Promise.all(all))
      for (const [i, request] of requests.entries()) {
        const problem = problemOf(request, heard[i]!)
        expect(problem, described(request)).toBeUndefined()
        seen.set(heard[i]!.status, (seen.get(heard[i]!.status) ?? 0) + 1)
      }
      expect(provider.inFlight).toBe(0)
      expect(provider.journal.entries()).toHaveLength(batch)
      expect(Object.keys(Object.prototype)).toEqual([])
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    },
    120_000,
  )

  test('were of every kind in the test above', () => {
    const total = [...seen.values()].reduce((sum, each) => sum + each, 0)
    for (const status of [200, 400, 401, 404, 405, 429]) expect((seen.get(status) ?? 0) / total).toBeGreaterThan(0.005)
  })

  const url = 'http://mock.test/compatible-mode/v1/chat/completions'
  const headers = { authorization: 'Bearer sk-ratelab' }

  test.prop([fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 50, maxLength: 50, size: 'max' })], {
    numRuns: 40,
  })('of any bytes get a reply over fetch, too', async (bodies) => {
    const { clock, provider } = rig()
    const fetch = mockFetch(provider)
    const asks = bodies.map((body) => fetch(url, { method: 'POST', headers, body: body as Uint8Array<ArrayBuffer> }))
    for (const response of await clock.run(Promise.all(asks))) expect(response.status).toBe(400)
    expect(provider.inFlight).toBe(0)
  })

  test.each([
    ['[', ']'],
    ['{"a":', '}'],
    ['{"model":"qwen-plus","messages":', '}'],
    ['{"model":"qwen-plus","messages":[{"role":"user","content":[', ']}]}'],
  ])('nested 100,000 levels deep (%s) get a reply like others', async (open, close) => {
    const { clock, provider } = rig()
    const depth = 100_000
    for (const path of [
      '/compatible-mode/v1/chat/completions',
      '/apps/anthropic/v1/messages',
      '/compatible-mode/v1/responses',
    ]) {
      for (const body of [open.repeat(depth), `${open.repeat(depth)}1${close.repeat(depth)}`]) {
        const request = {
          method: 'POST',
          path,
          query: '',
          body,
          header: (name: string) => (name === 'authorization' ? headers.authorization : undefined),
        }
        const heard = await clock.run(hear(provider, request))
        expect(problemOf(request, heard)).toBeUndefined()
        if (heard.status !== 200) expect(heard.status).toBe(400)
      }
    }
    expect(provider.inFlight).toBe(0)
  })
})
