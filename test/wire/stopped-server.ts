import { afterEach } from 'vitest'
import { type Mock, type MockOptions, mock } from '../../sim/mock/mock.ts'
import { type MockServer, type ServerOptions, serve } from '../../sim/skins/http/server.ts'
import { type WallTimeline, wallTimeline } from '../../sim/time/wall-timeline.ts'

/** A mock over HTTP whose time moves only when a test advances it. */
export interface StoppedServer {
  readonly server: MockServer
  readonly provider: Mock
  readonly timeline: WallTimeline
  /** The address of chats. */
  readonly url: string
}

/** What is to be ended after the present test, in this order. */
export const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** Serves a mock until the end of the test. */
export async function stoppedServer(
  options: ServerOptions = {},
  setup: Partial<MockOptions> = {},
): Promise<StoppedServer> {
  const timeline = wallTimeline({ speed: 0 })
  const provider = mock({ timeline, ...setup })
  const server = await serve(provider, options)
  ends.push(() => server.close(0), timeline.stop)
  return { server, provider, timeline, url: `${server.origin}/compatible-mode/v1/chat/completions` }
}
