import { setupServer } from 'msw/node'
import { type Mock, type MockOptions, mock } from '../../sim/mock/mock.ts'
import { handlers } from '../../sim/skins/fetch/msw.ts'
import { mockFetch } from '../../sim/skins/fetch/virtual-fetch.ts'
import { serve } from '../../sim/skins/http/server.ts'
import { type WallTimeline, wallTimeline } from '../../sim/time/wall-timeline.ts'

/** A skin over a mock whose time stands still until a test advances it. */
export interface StoppedSkin {
  readonly provider: Mock
  readonly timeline: WallTimeline
  fetch(path: string, init: RequestInit): Promise<Response>
  end?(): unknown
}

const stopped = () => wallTimeline({ speed: 0, origin: 1_800_000_000_000 })

/** Every skin that speaks the wire's protocols, by its name. */
export const stoppedSkins: Readonly<
  Record<'HTTP' | 'fetch' | 'msw', (options: Omit<MockOptions, 'timeline'>) => Promise<StoppedSkin>>
> = {
  async HTTP(options) {
    const timeline = stopped()
    const provider = mock({ timeline, ...options })
    const server = await serve(provider)
    return { provider, timeline, fetch: (path, init) => fetch(server.origin + path, init), end: () => server.close(0) }
  },
  async fetch(options) {
    const timeline = stopped()
    const provider = mock({ timeline, ...options })
    const virtualFetch = mockFetch(provider)
    return { provider, timeline, fetch: (path, init) => virtualFetch(`http://mock.test${path}`, init) }
  },
  async msw(options) {
    const timeline = stopped()
    const dashscope = handlers({ clock: timeline, ...options })
    const server = setupServer(...dashscope)
    server.listen({ onUnhandledFrame: 'error' })
    const host = 'https://dashscope-intl.aliyuncs.com'
    return {
      provider: dashscope.mock,
      timeline,
      fetch: (path, init) => fetch(host + path, init),
      end: () => server.close(),
    }
  },
}
