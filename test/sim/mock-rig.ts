import { type Mock, type MockOptions, mock } from '../../sim/mock/mock.ts'
import { type VirtualClock, virtualClock } from '../../sim/time/virtual-clock.ts'
import type { Answer, WireRequest } from '../../sim/wire/exchange.ts'
import { calm } from './rig.ts'
import { chatPath } from './wire/protocols/protocol-rig.ts'

export const key = 'sk-1234567890abcdef1234'

export interface ChatFields {
  readonly model?: string
  readonly key?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly stream?: boolean
  readonly maxTokens?: number
  readonly content?: string
}

/** A chat request. By default its prompt has three tokens. */
export function chat(fields: ChatFields = {}): WireRequest {
  const { model = 'm', stream = false, maxTokens, content = 'Hello there' } = fields
  const headers: Record<string, string> = { authorization: `Bearer ${fields.key ?? key}`, ...fields.headers }
  return {
    method: 'POST',
    path: fields.path ?? chatPath,
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

/** A mock in virtual time. It has the model `m` without limits, the account `a`, and answers of ten tokens at one a millisecond. */
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

/** The answer to one request, and the pieces of its body with the instants at which they came. */
export interface ReadAnswer {
  readonly answer: Answer
  readonly pieces: readonly (readonly [at: number, text: string])[]
  readonly end: 'whole' | 'ended' | 'broken'
}

/** Sends a chat request and reads the answer to its end. */
export async function read({ clock, mock }: Lab, fields: ChatFields = {}): Promise<ReadAnswer> {
  const answer = await mock.handle(chat(fields)).answer
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
