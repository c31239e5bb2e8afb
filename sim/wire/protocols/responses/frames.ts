import type { Completion, Delta } from '../../model/completion.ts'
import type { Frames } from '../protocol.ts'
import { nativeFrame } from '../sse.ts'
import type { ResponsesAsked } from './request.ts'
import { callItem, messageItem, reasoningItem, responseEnd, responseShell, summaryPart, textPart } from './spelling.ts'

/** A stream of the Responses protocol: numbered events in the frames of the native protocol, one item after the other, without a `[DONE]`. */
export class ResponsesFrames implements Frames {
  readonly #asked: ResponsesAsked
  readonly #completion: Completion
  /** The item that is open. Undefined: no item is open. */
  #open: 'reasoning' | 'message' | undefined
  /** The number of items that are complete. */
  #complete = 0
  /** The number of events that have been written. */
  #sent = 0

  constructor(asked: ResponsesAsked, completion: Completion) {
    this.#asked = asked
    this.#completion = completion
  }

  opening(): string {
    const begun = { status: 'in_progress', output: [], usage: null }
    return this.#state('response.created', begun) + this.#state('response.in_progress', begun)
  }

  delta({ reasoning, text }: Delta): string {
    let events = ''
    if (reasoning !== '') {
      if (this.#open !== 'reasoning') events += this.#openReasoning()
      events += this.#event('response.reasoning_summary_text.delta', { ...this.#inReasoning(), delta: reasoning })
    }
    if (text !== '') {
      if (this.#open !== 'message') events += this.#close() + this.#openMessage()
      events += this.#event('response.output_text.delta', { ...this.#inMessage(), delta: text, logprobs: [] })
    }
    return events
  }

  closing(): string {
    const items = this.#close() + (this.#completion.tool ? this.#call() : '')
    const end = responseEnd(this.#completion)
    return items + this.#state(`response.${end.status}`, end)
  }

  /** As captured, the service sends only the code and the message of the error. */
  failing(body: object): string {
    const { code, message } = body as { readonly code: string; readonly message: string }
    return this.#state('response.failed', { status: 'failed', error: { message, code }, output: [], usage: null })
  }

  #openReasoning(): string {
    this.#open = 'reasoning'
    return (
      this.#item('added', reasoningItem(this.#completion)) +
      this.#event('response.reasoning_summary_part.added', { ...this.#inReasoning(), part: summaryPart('') })
    )
  }

  #openMessage(): string {
    this.#open = 'message'
    return (
      this.#item('added', messageItem(this.#completion)) +
      this.#event('response.content_part.added', { ...this.#inMessage(), part: textPart('') })
    )
  }

  /** The events that complete the open item. Empty when no item is open. */
  #close(): string {
    if (this.#open === undefined) return ''
    const { reasoning, text } = this.#completion
    const events =
      this.#open === 'reasoning'
        ? this.#event('response.reasoning_summary_text.done', { ...this.#inReasoning(), text: reasoning }) +
          this.#event('response.reasoning_summary_part.done', {
            ...this.#inReasoning(),
            part: summaryPart(reasoning),
          }) +
          this.#item('done', reasoningItem(this.#completion, reasoning))
        : this.#event('response.output_text.done', { ...this.#inMessage(), text, logprobs: [] }) +
          this.#event('response.content_part.done', { ...this.#inMessage(), part: textPart(text) }) +
          this.#item('done', messageItem(this.#completion, text))
    this.#open = undefined
    return events
  }

  #call(): string {
    const { requestId, tool } = this.#completion
    const place = { item_id: `fc_${requestId}`, output_index: this.#complete }
    return (
      this.#item('added', callItem(this.#completion)) +
      this.#event('response.function_call_arguments.delta', { ...place, delta: tool!.arguments }) +
      this.#event('response.function_call_arguments.done', { ...place, name: tool!.name, arguments: tool!.arguments }) +
      this.#item('done', callItem(this.#completion, tool!.arguments))
    )
  }

  #inReasoning() {
    return { item_id: `rs_${this.#completion.requestId}`, output_index: this.#complete, summary_index: 0 }
  }

  #inMessage() {
    return { item_id: `msg_${this.#completion.requestId}`, output_index: this.#complete, content_index: 0 }
  }

  #item(what: 'added' | 'done', item: object): string {
    const event = this.#event(`response.output_item.${what}`, { output_index: this.#complete, item })
    if (what === 'done') this.#complete++
    return event
  }

  #state(type: string, state: object): string {
    return this.#event(type, { response: { ...responseShell(this.#asked, this.#completion), ...state } })
  }

  /** Frames are numbered from 1, events from 0. */
  #event(type: string, fields: object): string {
    const sequence_number = this.#sent++
    return nativeFrame(this.#sent, type, 200, { sequence_number, type, ...fields })
  }
}
