import { type Mock, mock } from '../sim/mock/mock.ts'
import type { MockSetup } from '../sim/setup/mock-setup.ts'
import { serve } from '../sim/skins/http/server.ts'
import { wallTimeline } from '../sim/time/wall-timeline.ts'
import type { WireRequest } from '../sim/wire/exchange.ts'
import type { RequestRecord } from '../sim/wire/request-record.ts'

/** A mock on a port of its own, for one client in one situation. */
export interface Scene {
  readonly origin: string
  /** Closes the server, and resolves with the records of the client's requests, in their order. */
  close(): Promise<readonly RequestRecord[]>
}

/** The start of simulated time. It is a whole minute, so that the burst guard's first interval is not cut short. */
const origin = 1_800_000_000_000

/** Starts a mock. Before the client's first request it answers another request for each model in `usedUp`, which uses up a limit. */
export async function openScene(
  setup: MockSetup,
  usedUp: readonly { key: string; model: string }[] = [],
): Promise<Scene> {
  const timeline = wallTimeline({ origin })
  const records: RequestRecord[] = []
  const provider = mock({ ...setup, timeline, ended: (record) => records.push(record) })
  const server = await serve(withEarlierRequests(provider, usedUp.map(shortRequest)))
  return {
    origin: server.origin,
    async close() {
      await server.close(1000)
      timeline.stop()
      return records.filter(({ number }) => number > usedUp.length).sort((a, b) => a.number - b.number)
    },
  }
}

function withEarlierRequests(provider: Mock, earlier: readonly WireRequest[]): Mock {
  let answered: Promise<unknown> | undefined
  return {
    ...provider,
    handle(request) {
      answered ??= Promise.all(earlier.map((each) => provider.handle(each).answer))
      const handling = answered.then(() => provider.handle(request))
      return {
        answer: handling.then(({ answer }) => answer),
        hangUp: () => handling.then(({ hangUp }) => hangUp()),
      }
    },
  }
}

function shortRequest({ key, model }: { key: string; model: string }): WireRequest {
  return {
    method: 'POST',
    path: '/compatible-mode/v1/chat/completions',
    query: '',
    header: (name) => (name === 'authorization' ? `Bearer ${key}` : undefined),
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello there' }] }),
  }
}

/** Returns the mock's answer when no limit or fault prevents it. */
export async function plainAnswer(setup: MockSetup, key: string, model: string, prompt: string): Promise<string> {
  const timeline = wallTimeline({ origin })
  const request = {
    ...shortRequest({ key, model }),
    body: JSON.stringify({ model, messages: [{ role: 'user', content: prompt }] }),
  }
  const answer = await mock({ ...setup, timeline }).handle(request).answer
  timeline.stop()
  if (answer.kind !== 'whole' || answer.status !== 200) throw new Error('the mock does not answer')
  return JSON.parse(answer.body).choices[0].message.content
}
