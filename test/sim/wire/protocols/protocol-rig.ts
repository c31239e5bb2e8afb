import { type MockOptions, mock } from '../../../../sim/mock/mock.ts'
import { virtualClock } from '../../../../sim/time/virtual-clock.ts'
import type { Answer, WireRequest } from '../../../../sim/wire/exchange.ts'
import type { RequestRecord } from '../../../../sim/wire/request-record.ts'

export interface Heard {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The whole body, streamed or not. */
  readonly text: string
  readonly record: RequestRecord
}

export interface Question {
  readonly method?: string
  readonly path: string
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  /** A text is sent as it is. */
  readonly body?: unknown
}

/** A mock in virtual time, with every answer of `answerTokens` tokens: asks it one thing after another. */
export function protocolRig(options: Partial<MockOptions> = {}) {
  const clock = virtualClock(1_735_120_033_000)
  let last: RequestRecord | undefined
  const wire = { answerTokens: 6, answerSpread: 0, ...options.wire }
  const served = mock({ timeline: clock, ...options, wire, ended: (record) => (last = record) })

  async function heard(answer: Answer): Promise<Omit<Heard, 'record'>> {
    if (answer.kind === 'hang-up') return { status: 0, headers: {}, text: '' }
    const { status, headers } = answer
    if (answer.kind === 'whole') return { status, headers, text: answer.body }
    return new Promise((resolve) => {
      let text = ''
      answer.start({
        write: (piece) => {
          text += piece
        },
        end: () => {
          clock.woke()
          resolve({ status, headers, text })
        },
        break: () => resolve({ status, headers, text }),
      })
    })
  }

  async function ask({ method = 'POST', path, query = '', headers = {}, body = '' }: Question): Promise<Heard> {
    const sent: Readonly<Record<string, string>> = { authorization: 'Bearer sk-ratelab', ...headers }
    const request: WireRequest = {
      method,
      path,
      query,
      header: (name) => sent[name],
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }
    const answer = await clock.run(served.handle(request).answer.then(heard))
    return { ...answer, record: last! }
  }

  return { ask, mock: served, clock }
}

/** What came over the wire, to be looked into. */
export type Parsed = ReturnType<typeof JSON.parse>

export const chatPath = '/compatible-mode/v1/chat/completions'

/** The frames of a stream in OpenAI's protocol, without the last. */
export function framesOf(text: string): readonly string[] {
  return text.split('\n\n').slice(0, -1)
}

/** What the frames of a stream in OpenAI's protocol carry. */
export function chunksOf(text: string): readonly Parsed[] {
  return framesOf(text)
    .filter((frame) => frame !== 'data: [DONE]')
    .map((frame) => JSON.parse(frame.slice('data: '.length)))
}
