import type { Completion, Delta } from '../../model/completion.ts'
import type { Frames } from '../protocol.ts'
import { compactFrame, spacedFrame } from '../sse.ts'
import { anthropicUsage, messageId, stopReason, toolUseId } from './spelling.ts'

type BlockKind = 'thinking' | 'text' | 'tool_use'

/** A stream of the Anthropic-compatible protocol: one block after the other, each of which is opened, filled and closed. */
export class AnthropicFrames implements Frames {
  readonly #completion: Completion
  /** The kind of the block that is open. Undefined: no block is open. */
  #open: BlockKind | undefined
  /** The number of blocks that have been opened. */
  #opened = 0

  constructor(completion: Completion) {
    this.#completion = completion
  }

  opening(): string {
    const { model } = this.#completion
    return frame('message_start', {
      message: {
        id: messageId(this.#completion),
        type: 'message',
        role: 'assistant',
        model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: anthropicUsage(this.#completion, 0),
      },
    })
  }

  delta({ reasoning, text }: Delta): string {
    let frames = ''
    if (reasoning !== '') {
      frames += this.#block('thinking', { thinking: '', signature: '' })
      frames += this.#filled({ type: 'thinking_delta', thinking: reasoning })
    }
    if (text !== '') {
      frames += this.#block('text', { text: '' })
      frames += this.#filled({ type: 'text_delta', text })
    }
    return frames
  }

  closing(): string {
    const { tool, usage } = this.#completion
    let frames = ''
    if (tool) {
      frames += this.#block('tool_use', { id: toolUseId(this.#completion), name: tool.name, input: {} })
      frames += this.#filled({ type: 'input_json_delta', partial_json: tool.arguments })
    }
    return (
      frames +
      this.#closed() +
      frame('message_delta', {
        delta: { stop_reason: stopReason(this.#completion), stop_sequence: this.#completion.stopWord ?? null },
        usage: anthropicUsage(this.#completion, usage.outputTokens),
      }) +
      frame('message_stop', {})
    )
  }

  failing(body: object): string {
    return spacedFrame('error', body)
  }

  /** The frames that close the open block and open one of this kind. Empty when such a block is open. A ping follows the first opening. */
  #block(type: BlockKind, empty: object): string {
    if (this.#open === type) return ''
    const closed = this.#closed()
    this.#open = type
    const index = this.#opened++
    const started = frame('content_block_start', { index, content_block: { type, ...empty } })
    return closed + started + (index === 0 ? frame('ping', {}) : '')
  }

  #filled(delta: object): string {
    return frame('content_block_delta', { index: this.#opened - 1, delta })
  }

  #closed(): string {
    if (this.#open === undefined) return ''
    this.#open = undefined
    return frame('content_block_stop', { index: this.#opened - 1 })
  }
}

function frame(type: string, fields: object): string {
  return compactFrame(type, { type, ...fields })
}
