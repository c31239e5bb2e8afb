import { type Completion, choicesOf, type Delta } from '../../model/completion.ts'
import type { Frames } from '../protocol.ts'
import { nativeFrame } from '../sse.ts'
import { type NativeAsked, nativeContent, nativeToolCall, nativeUsage } from './spelling.ts'

/** What a frame shows of one choice. */
interface ShownChoice {
  readonly text: string
  readonly reasoning: string
  readonly finish: string
  readonly tool?: object | undefined
}

/** A stream of the native protocol. Its frames are numbered from 1, each has the usage so far, and only the finish reason marks the last. */
export class NativeFrames implements Frames {
  readonly #asked: NativeAsked
  readonly #completion: Completion
  #sent = 0

  constructor(asked: NativeAsked, completion: Completion) {
    this.#asked = asked
    this.#completion = completion
  }

  opening(): string {
    return ''
  }

  delta(delta: Delta): string {
    const all = choicesOf(delta)
    if (all.every(({ text, reasoning }) => text === '' && reasoning === '')) return ''
    const pieces = all.map((each) => ({ ...this.#shown(each), finish: 'null' }))
    return this.#frame(pieces, delta.outputTokens)
  }

  closing(): string {
    const all = choicesOf(this.#completion)
    const pieces = all.map((choice, index) => {
      const tool = choice.tool && nativeToolCall(choice, index)
      const { isIncremental } = this.#asked
      const { text, reasoning } = isIncremental ? { text: '', reasoning: '' } : choice
      return { text, reasoning, finish: choice.finish, tool }
    })
    return this.#frame(pieces, this.#completion.usage.outputTokens)
  }

  failing(body: object, status: number): string {
    return nativeFrame(++this.#sent, 'error', status, body)
  }

  #shown({ text, reasoning, textSoFar, reasoningSoFar }: Delta) {
    return this.#asked.isIncremental ? { text, reasoning } : { text: textSoFar, reasoning: reasoningSoFar }
  }

  #frame(pieces: readonly ShownChoice[], outputTokens: number): string {
    const { usage, requestId } = this.#completion
    const reasoningTokens = Math.min(outputTokens, usage.reasoningTokens)
    return nativeFrame(++this.#sent, 'result', 200, {
      output: this.#output(pieces),
      usage: nativeUsage(this.#asked, { ...usage, outputTokens, reasoningTokens }, true),
      request_id: requestId,
    })
  }

  #output(pieces: readonly ShownChoice[]): object {
    const { format, thinks } = this.#asked
    if (format === 'text') return { finish_reason: pieces[0]!.finish, text: pieces[0]!.text }
    const choices = pieces.map(({ text, reasoning, finish, tool }, index) => {
      const message = {
        content: nativeContent(format, text),
        ...(thinks && { reasoning_content: reasoning }),
        role: 'assistant',
        ...(tool && { tool_calls: [tool] }),
      }
      return { message, finish_reason: finish, ...(pieces.length > 1 && { index }) }
    })
    return { choices }
  }
}
