import type { Mock } from '../../mock/mock.ts'
import { closedByPeer, fetchExchange } from './fetch-exchange.ts'

/**
 * A `fetch` that a mock answers, on the mock's own timeline and without a socket. Any SDK that takes a `fetch` can so run in virtual time. Every
 * origin leads to the mock. It rejects as the platform's `fetch` does: with the signal's reason after an abort, and with a `TypeError` when the
 * connection breaks. A body that is cancelled or aborted is a hang-up.
 */
export function mockFetch(mock: Mock): typeof fetch {
  return (input, init) => {
    // The signal of `init` is used directly where there is one: the signal of a request only follows it, and costs one more listener.
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
  // A `Response` from the constructor has no address.
  Object.defineProperty(response, 'url', { value: String(input instanceof Request ? input.url : input) })
  return response
}
