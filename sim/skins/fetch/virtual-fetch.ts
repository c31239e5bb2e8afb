import type { Mock } from '../../mock/mock.ts'
import { closedByPeer, fetchExchange } from './fetch-exchange.ts'

/**
 * A `fetch` that a mock answers, on the mock's own timeline and without a socket: any SDK that takes one runs in virtual time.
 * Every origin leads to the mock. It rejects as the platform's does: with the signal's reason after an abort, with a `TypeError` when the
 * connection breaks; a body that is cancelled or aborted frees its slot.
 */
export function mockFetch(mock: Mock): typeof fetch {
  return (input, init) => {
    // Not the request's own signal where it can be had: that one only follows, and costs a listener more.
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined)
    return exchange(mock, input, init, signal)
  }
}

async function exchange(
  mock: Mock,
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
  signal: AbortSignal | undefined,
): Promise<Response> {
  signal?.throwIfAborted()
  const response = await fetchExchange(mock, new Request(input, { ...init, signal: null }), signal)
  if (!response) throw new TypeError('fetch failed', { cause: closedByPeer() })
  // A `Response` that is made by hand has no address.
  Object.defineProperty(response, 'url', { value: String(input instanceof Request ? input.url : input) })
  return response
}
