import { type HttpHandler, HttpResponse, http } from 'msw'
import { OptionError, show } from '../../../src/core/expect.ts'
import { type Mock, type MockOptions, mock } from '../../mock/mock.ts'
import type { Timeline } from '../../time/virtual-clock.ts'
import { wallTimeline } from '../../time/wall-timeline.ts'
import { fetchExchange } from './fetch-exchange.ts'

export interface HandlersOptions extends Omit<MockOptions, 'timeline'> {
  /** Further base addresses that lead to the mock, such as an SDK takes. Only their origin matters. Default: none. */
  readonly baseUrls?: readonly string[]
  /** The time that the mock lives in. Default: real time, at speed 1. */
  readonly clock?: Timeline
}

/** The handlers that `setupServer` takes, and the mock behind them. */
export type Handlers = readonly HttpHandler[] & { readonly mock: Mock }

/** The addresses of the service, by profile. The profile `article` has the international ones. */
const origins: Readonly<Record<string, readonly string[]>> = {
  'cn-beijing': ['https://dashscope.aliyuncs.com'],
  intl: [
    'https://dashscope-intl.aliyuncs.com',
    'https://dashscope-us.aliyuncs.com',
    'https://cn-hongkong.dashscope.aliyuncs.com',
  ],
}

/**
 * The msw skin: `setupServer(...handlers(options))` makes the service's own addresses lead to a mock. Requests to other addresses, including those
 * of other regions, are not handled: msw's option `onUnhandledFrame` decides about them. Throws an `OptionError` for a wrong option or address.
 */
export function handlers({ baseUrls = [], clock = wallTimeline(), ...options }: HandlersOptions = {}): Handlers {
  const provider = mock({ ...options, timeline: clock })
  const regional = origins[provider.profile.name] ?? origins.intl!
  const all = new Set([...regional, ...baseUrls.map(originOf)])
  const each = [...all].map((origin) => http.all(`${origin}/*`, ({ request }) => answer(provider, request)))
  return Object.assign(each, { mock: provider })
}

/** Answers one request. A broken connection is returned as msw's network error, since an exception would become a status 500. */
async function answer(provider: Mock, request: Request): Promise<Response> {
  try {
    const response = await fetchExchange(provider, request, request.signal)
    if (!response) return HttpResponse.error()
    // Without this header msw ends a stream by closing the connection, so that a broken stream would look complete. A whole body must not get
    // it: decoding chunks needs the real event loop, and virtual time would pass meanwhile.
    if (response.headers.get('content-type')?.startsWith('text/event-stream'))
      response.headers.set('transfer-encoding', 'chunked')
    return response
  } catch (error) {
    if (request.signal.aborted) return HttpResponse.error()
    throw error
  }
}

function originOf(baseUrl: string): string {
  const url = URL.parse(baseUrl)
  if (url && url.origin !== 'null') return url.origin
  throw new OptionError(`Expected each of \`baseUrls\` to be an address like https://…, got ${show(baseUrl)}`)
}
