import { type Mock, type MockOptions, mock } from '../../../sim/mock/mock.ts'
import { mockFetch } from '../../../sim/skins/fetch/virtual-fetch.ts'
import { type VirtualClock, virtualClock } from '../../../sim/time/virtual-clock.ts'
import { seeded } from '../../../src/core/random.ts'
import type { Strategy } from '../../../src/core/strategy.ts'
import { type StrategyFetch, type ToFetchOptions, toFetch } from '../../../src/fetch.ts'
import { calm } from '../../sim/rig.ts'

export const baseUrl = 'https://dashscope.example/compatible-mode/v1'
export const chatUrl = `${baseUrl}/chat/completions`
export const key = 'sk-1234567890abcdef1234'

/** A `fetch` through a strategy to a mock, both in the same virtual time. */
export interface MockedFetch {
  readonly clock: VirtualClock
  readonly mock: Mock
  readonly fetch: StrategyFetch
}

/** By default the mock has the model `m` without limits, and answers of ten tokens at one a millisecond. */
export function mockedFetch(
  strategy: Strategy,
  setup: Partial<MockOptions> = {},
  options: ToFetchOptions = {},
): MockedFetch {
  const clock = virtualClock(1_700_000_000_000)
  const made = mock({
    timeline: clock,
    limits: { m: [] },
    accounts: [{ name: 'a', keys: [key] }],
    wire: { answerTokens: 10, answerSpread: 0, frameTokens: 1 },
    ...setup,
    switches: { ...calm, ...setup.switches },
  })
  return {
    clock,
    mock: made,
    fetch: toFetch(strategy, { fetch: mockFetch(made), clock, random: seeded(1), ...options }),
  }
}

/** The arguments of a chat request. */
export function chat(fields: object = {}, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello there' }], ...fields }),
  }
}

/** A `fetch` that answers the attempts with these responses in turn, the last one again and again, and the requests that it got. */
export function scripted(...responses: readonly (() => Response)[]) {
  const requests: Request[] = []
  const answer: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    requests.push(request)
    request.signal.throwIfAborted()
    return responses[Math.min(requests.length, responses.length) - 1]!()
  }
  return { requests, fetch: answer }
}
