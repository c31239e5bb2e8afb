import { type ControlOptions, control } from '../../../sim/control/control.ts'
import { wallTimeline } from '../../../sim/time/wall-timeline.ts'
import { key, type Lab, lab } from '../mock-rig.ts'
import { requests } from '../rig.ts'

type Body = Readonly<Record<string, unknown>>

/** What the tests read of replies. */
export interface Reply extends Body {
  readonly problems: readonly string[]
  readonly hint: string
  readonly entries: readonly (Body & { readonly number: number; readonly denial: object })[]
  readonly clock: Body
  readonly switches: readonly Body[]
  readonly accounts: readonly {
    readonly name: string
    readonly models: readonly (Body & { readonly windows: readonly Body[] })[]
    readonly modelsLeftOut: number
  }[]
}

export interface Door {
  readonly lab: Lab
  /** Sends a request. A body that is neither text nor bytes is sent as JSON. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  /** Sends a request, and reads the status and the body of the reply. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<[number, Reply]>
}

/** The control plane of a mock, with someone on this machine who asks. */
export function door(made: Lab = lab(), options: ControlOptions = {}, address = '127.0.0.1'): Door {
  const app = control(made.mock, options)
  const self: Door = {
    lab: made,
    async send(method, path, body, headers = {}) {
      const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
      const url = `/_ratelab/${path}`
      const given = body === undefined ? {} : { body: text }
      const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
      const request = new Request(`http://localhost${url}`, { method, headers: { ...type, ...headers }, ...given })
      return app.fetch(request, { incoming: { url, socket: { remoteAddress: address } } })
    },
    async ask(...request) {
      const reply = await self.send(...request)
      const isJson = reply.headers.get('content-type')?.includes('json')
      return [reply.status, (isJson ? await reply.json() : await reply.text()) as Reply]
    },
  }
  return self
}

const workspace = { name: 'w', keys: ['sk-w'], limits: { m: [requests(9)] } }

/** A mock whose model lets one request a minute through, on a wall clock that stands still. */
export function still() {
  const timeline = wallTimeline({ speed: 0, origin: 1_700_000_000_000 })
  return {
    ...lab({ timeline, limits: { m: [requests(1)] }, accounts: [{ name: 'a', keys: [key], workspaces: [workspace] }] }),
    timeline,
  }
}
