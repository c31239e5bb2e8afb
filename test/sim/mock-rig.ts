import { type Mock, type MockOptions, mock } from '../../sim/mock/mock.ts'
import { type VirtualClock, virtualClock } from '../../sim/time/virtual-clock.ts'
import type { Answer, WireRequest } from '../../sim/wire/exchange.ts'
import { calm } from './rig.ts'
import { chatPath } from './wire/protocols/protocol-rig.ts'

export const key = 'sk-1234567890abcdef1234'

export interface Asking {
  readonly model?: string
  readonly key?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly stream?: boolean
  readonly maxTokens?: number
  readonly content?: string
}

/** A chat request: three prompt tokens unless told otherwise. */
export function chat(asking: Asking = {}): WireRequest {
  const { model = 'm', stream = false, maxTokens, content = 'Hello there' } = asking
  const headers: Record<string, string> = { authorization: `Bearer ${asking.key ?? key}`, ...asking.headers }
  return {
    method: 'POST',
    path: asking.path ?? chatPath,
    query: '',
    header: (name) => headers[name],
    body: JSON.stringify({
      model,
      stream,
      ...(maxTokens !== undefined && { max_tokens: maxTokens }),
      messages: [{ role: 'user', content }],
    }),
  }
}

export interface Lab {
  readonly clock: VirtualClock
  readonly mock: Mock
}

/** A mock in virtual time: model `m` without limits, account `a`, answers of ten tokens at one a millisecond. */
export function lab(options: Partial<MockOptions> = {}): Lab {
  const clock = virtualClock()
  const made = mock({
    timeline: clock,
    limits: { m: [] },
    accounts: [{ name: 'a', keys: [key] }],
    wire: { answerTokens: 10, answerSpread: 0, frameTokens: 1 },
    ...options,
    switches: { ...calm, ...options.switches },
  })
  return { clock, mock: made }
}

/** What became of one request: its answer, and the pieces of the body with the instants at which they came. */
export interface Seen {
  readonly answer: Answer
  readonly pieces: readonly (readonly [at: number, text: string])[]
  readonly end: 'whole' | 'ended' | 'broken'
}

/** Asks, and reads to the end. */
export async function read({ clock, mock }: Lab, asking: Asking = {}): Promise<Seen> {
  const answer = await mock.handle(chat(asking)).answer
  if (answer.kind === 'hang-up') return { answer, pieces: [], end: 'broken' }
  if (answer.kind === 'whole') {
    const text = answer.body.slice(0, answer.brokenAfter)
    return { answer, pieces: [[clock.now(), text]], end: answer.brokenAfter === undefined ? 'whole' : 'broken' }
  }
  const pieces: [number, string][] = []
  const end = await new Promise<'ended' | 'broken'>((resolve) => {
    const over = (how: 'ended' | 'broken') => () => {
      clock.woke()
      resolve(how)
    }
    answer.start({ write: (text) => pieces.push([clock.now(), text]), end: over('ended'), break: over('broken') })
  })
  return { answer, pieces, end }
}
