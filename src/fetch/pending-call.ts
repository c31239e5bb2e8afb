import type { Call, Reply, Send } from '../core/call.ts'
import type { Clock, Millis } from '../core/clock.ts'
import { OptionError, show } from '../core/expect.ts'
import { answerOf } from './answer.ts'
import type { CallRequest } from './call-request.ts'
import {
  announce,
  type Ending,
  type EventSubject,
  type FetchListeners,
  replyFacts,
  shownError,
  shownTarget,
} from './events.ts'
import { ownResponse } from './own-response.ts'

/** What all calls of one `toFetch` share. */
export interface FetchOutlet extends FetchListeners {
  readonly clock: Clock
  readonly fetch: typeof fetch
  /** The name of the strategy. */
  readonly name: string
}

/** An answer whose body still came when the caller got its response. */
interface Handover {
  readonly reply: Reply | Promise<Reply>
  readonly controller: AbortController
}

/** A call from its request to its end, which of a stream is later than its response. */
export class PendingCall {
  readonly #outlet: FetchOutlet
  readonly #request: CallRequest
  readonly #startedAt: Millis
  #attempts = 0
  /** The attempts that have no reply yet. */
  readonly #underWay = new Set<AbortController>()
  /** The instant at which the last attempt ended. */
  #idleSince: Millis
  /** The responses to the attempts at this call. */
  readonly #responses = new WeakSet<object>()
  #handover: Handover | undefined
  readonly #caller = Promise.withResolvers<Response>()

  constructor(outlet: FetchOutlet, request: CallRequest) {
    this.#outlet = outlet
    this.#request = request
    this.#startedAt = outlet.clock.now()
    this.#idleSince = this.#startedAt
  }

  get isInFlight(): boolean {
    return this.#underWay.size > 0
  }

  /** Resolves with the response for the caller. Rejects as soon as the signal aborts, whatever the strategy does. */
  get response(): Promise<Response> {
    return this.#caller.promise
  }

  /** Sends the call through a strategy, whose innermost `Send` is `attempt`. Resolves when the strategy has settled the call. */
  async send(strategy: Send, call: Call): Promise<void> {
    const { onCall } = this.#outlet
    const abort = () => this.#caller.reject(call.signal.reason)
    call.signal.addEventListener('abort', abort)
    const ended = (ending: () => Ending) =>
      announce(onCall, () => ({ ...this.#subject(call, this.#startedAt), attempts: this.#attempts, ...ending() }))
    try {
      const reply = await strategy(call)
      if (!this.#handover) this.#caller.resolve(this.#responseOf(reply))
      ended(() => ({ reply: replyFacts(reply) }))
    } catch (error) {
      this.#caller.reject(error)
      ended(() => ({ error: shownError(error, call.target) }))
    } finally {
      call.signal.removeEventListener('abort', abort)
      this.#dropOthers()
    }
  }

  /** Makes one attempt. After the caller has got a response it makes none, and the reply is the one to that response. */
  async attempt(call: Call): Promise<Reply> {
    if (call.signal.aborted) throw call.signal.reason
    if (this.#handover) return this.#handover.reply
    const { clock, onAttempt, onWait } = this.#outlet
    const attempt = ++this.#attempts
    const startedAt = clock.now()
    if (!this.isInFlight && startedAt - this.#idleSince >= 1)
      announce(onWait, () => ({ ...this.#subject(call, this.#idleSince), attempt }))
    const controller = new AbortController()
    const abort = () => controller.abort(call.signal.reason)
    call.signal.addEventListener('abort', abort)
    this.#underWay.add(controller)
    const ended = (ending: () => Ending) =>
      announce(onAttempt, () => ({ ...this.#subject(call, startedAt), attempt, ...ending() }))
    try {
      const reply = await this.#exchange(call, controller)
      ended(() => ({ reply: replyFacts(reply) }))
      return reply
    } catch (error) {
      ended(() => ({ error: shownError(error, call.target) }))
      const other = this.#otherThan(controller)
      if (other && !call.signal.aborted) return other.reply
      throw error
    } finally {
      call.signal.removeEventListener('abort', abort)
      this.#underWay.delete(controller)
      this.#idleSince = clock.now()
    }
  }

  async #exchange(call: Call, controller: AbortController): Promise<Reply> {
    const { clock, fetch } = this.#outlet
    const response = await this.#request.send(fetch, call, controller.signal)
    const { isOpen, ...answer } = await answerOf({ call, response, now: clock.now() }, this.#request.isStreamed)
    const other = this.#otherThan(controller)
    if (call.signal.aborted || (isOpen && other)) await answer.response.body?.cancel()
    if (call.signal.aborted) throw call.signal.reason
    if (isOpen && other) return other.reply
    this.#responses.add(answer.response)
    if (isOpen) {
      this.#handover = { reply: answer.reply, controller }
      this.#caller.resolve(answer.response)
      this.#dropOthers()
    }
    return answer.reply
  }

  /** The answer to an attempt at the same time as this one, if the caller has got its response. */
  #otherThan(controller: AbortController): Handover | undefined {
    return this.#handover?.controller === controller ? undefined : this.#handover
  }

  /** Hangs up on all attempts but the one whose response the caller has got. */
  #dropOthers(): void {
    for (const controller of this.#underWay) if (controller !== this.#handover?.controller) controller.abort()
  }

  /** The response that belongs to what the strategy returned. */
  #responseOf(reply: Reply): Response {
    if (this.#responses.has(reply?.body as object)) return reply.body as Response
    const { name } = this.#outlet
    if (reply?.kind === 'throttled' || reply?.kind === 'failed') return ownResponse(reply, name)
    throw new OptionError(
      `Expected the strategy ${name} to return the reply to an attempt at the call, got ${show(reply)}`,
    )
  }

  #subject({ id, target }: Call, startedAt: Millis): EventSubject {
    return { call: id, target: shownTarget(target), startedAt, endedAt: this.#outlet.clock.now() }
  }
}
