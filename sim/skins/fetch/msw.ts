import { type HttpHandler, HttpResponse, http } from 'msw'
import { OptionError } from '../../../src/core/expect.ts'
import { type Mock, type MockOptions, mock } from '../../mock/mock.ts'
import type { Timeline } from '../../time/virtual-clock.ts'
import { wallTimeline } from '../../time/wall-timeline.ts'
import { fetchExchange } from './fetch-exchange.ts'

export interface HandlersOptions extends Omit<MockOptions, 'timeline'> {
  /** Further addresses that lead to the mock, as an SDK takes them. Only their origin counts. */
  readonly baseUrls?: readonly string[]
  /** Default: real time, at speed 1. */
  readonly clock?: Timeline
}

/** What `setupServer` takes, and the mock that answers. */
export type Handlers = readonly HttpHandler[] & { readonly mock: Mock }

/** Where the service is, by profile: `article` is the international region. */
const origins: Readonly<Record<string, readonly string[]>> = {
  'cn-beijing': ['https://dashscope.aliyuncs.com'],
  intl: [
    'https://dashscope-intl.aliyuncs.com',
    'https://dashscope-us.aliyuncs.com',
    'https://cn-hongkong.dashscope.aliyuncs.com',
  ],
}

/**
 * The msw skin: `setupServer(...handlers(options))` makes the service's own addresses lead to a mock. Requests elsewhere, to another region
 * too, are none of its business: msw's `onUnhandledFrame` says what happens to them. Throws an `OptionError` for an address that is none.
 */
export function handlers({ baseUrls = [], clock = wallTimeline(), ...options }: HandlersOptions = {}): Handlers {
  const provider = mock({ ...options, timeline: clock })
  const regional = origins[provider.profile.name] ?? origins.intl!
  const all = new Set([...regional, ...baseUrls.map(originOf)])
  const each = [...all].map((origin) => http.all(`${origin}/*`, ({ request }) => answer(provider, request)))
  return Object.assign(each, { mock: provider })
}

/** A connection that breaks is a network error, which msw has a value for: what is thrown here would become a status 500. */
async function answer(provider: Mock, request: Request): Promise<Response> {
  try {
    const response = await fetchExchange(provider, request, request.signal)
    if (!response) return HttpResponse.error()
    // Else msw ends a stream by closing the connection, and one that broke would look whole. A whole body must not go the same way:
    // taking chunks apart needs the real event loop, and virtual time would run on meanwhile.
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
  throw new OptionError(`Expected each of \`baseUrls\` to be an address like https://…, got ${JSON.stringify(baseUrl)}`)
}
