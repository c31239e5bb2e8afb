import type { Call, Reply } from '../../src/core/call.ts'
import type { Millis } from '../../src/core/clock.ts'
import { causeOf } from '../../src/core/limit.ts'
import type { Verdict } from '../../src/core/world.ts'
import type { Arrival } from '../endpoint.ts'
import { errorOf } from '../errors.ts'
import type { Admission, Decision } from '../provider.ts'
import { Broadcast } from './broadcast.ts'
import type { Context } from './context.ts'
import type { WireError } from './envelope.ts'
import { errorAnswer } from './error-answer.ts'
import type { Answer } from './exchange.ts'
import { replyHeaders } from './headers.ts'
import { misplacedError } from './misplaced-error.ts'
import type { Speech } from './model.ts'
import type { Asked, Protocol } from './protocol.ts'
import type { RequestRecord } from './request-record.ts'
import { readyBy } from './speed.ts'

/** What is known of a request when it comes before the provider. */
export interface Petition {
  readonly call: Call
  readonly protocol: Protocol
  readonly asked: Asked
  readonly speech: Speech
  readonly record: RequestRecord
}

/** One request at the provider, from its arrival to its last byte. */
export class Visit implements Arrival {
  readonly call: Call
  readonly outputTokens: number
  hasLeft = false
  readonly #context: Context
  readonly #petition: Petition
  readonly #answer: (answer: Answer) => void
  #admission: Admission | undefined
  #refusal: WireError | undefined
  #broadcast: Broadcast | undefined

  constructor(context: Context, petition: Petition, answer: (answer: Answer) => void) {
    this.call = petition.call
    this.outputTokens = petition.speech.wanted
    this.#context = context
    this.#petition = petition
    this.#answer = answer
  }

  decided(at: Millis, verdict: Verdict, decision?: Decision): void {
    const { record, asked } = this.#petition
    record.verdict = verdict
    record.decidedAt = at
    if (decision?.kind === 'admitted') return this.#admitted(at, decision.admission)
    if (decision?.kind === 'denied') this.#denied(at, decision)
    if (decision?.kind === 'refused') this.#refusal = { name: decision.refusal, detail: asked.model }
  }

  #admitted(at: Millis, admission: Admission): void {
    this.#admission = admission
    const { record, asked, speech, protocol } = this.#petition
    const { service, outputTokens: tokens } = admission
    record.firstTokenAt = at + service.firstToken
    if (!asked.isStream) return
    const { timeline, switches } = this.#context
    const frames = protocol.frames(asked, speech.completion(record.id, at, tokens))
    const broadcast = new Broadcast({ timeline, speech, frames, service, tokens, frameTokens: switches.frameTokens })
    this.#broadcast = broadcast
    timeline.after(service.firstToken, () => {
      if (this.hasLeft) return
      broadcast.run()
      record.status = 200
      this.#answer({
        kind: 'stream',
        status: 200,
        headers: this.#headers(true),
        start: (sink) => broadcast.start(sink),
      })
    })
  }

  #denied(at: Millis, { denial: { rule, retryAfter } }: Extract<Decision, { kind: 'denied' }>): void {
    const { account, workspace } = this.#context.brain.ownerOf(this.call.target.key)!
    const levels = account.quota(this.call.target.model, workspace)!.levels(at)
    const level = levels.find((each) => each.rule === rule)
    const { limit, window, used } = level ?? {}
    this.#petition.record.denial = {
      rule,
      ...(level && { limit: limit!, window: window!, used: used! }),
      admitsAt: retryAfter === Infinity ? null : at + retryAfter,
    }
  }

  done(reply: Reply, money: number): void {
    const { record, asked, protocol, speech } = this.#petition
    if (reply.kind !== 'ok') return this.#fail(reply)
    const { promptTokens, outputTokens } = reply.usage
    record.promptTokens = promptTokens
    record.outputTokens = outputTokens
    record.money = money
    record.status = 200
    const completion = speech.completion(record.id, record.decidedAt!, outputTokens)
    if (this.#broadcast) this.#broadcast.finish(outputTokens, protocol.frames(asked, completion).closing())
    const body = this.#broadcast ? undefined : JSON.stringify(protocol.whole(asked, completion))
    if (body !== undefined) this.#answer({ kind: 'whole', status: 200, headers: this.#headers(false), body })
    this.#end('answered')
  }

  #fail(reply: Exclude<Reply, { kind: 'ok' }>): void {
    const error: WireError =
      reply.kind === 'throttled' ? { name: errorOf[reply.cause ?? causeOf('rpm')] } : this.#refusal!
    this.refuse(error, reply.kind === 'throttled' ? reply.retryAfter : undefined)
  }

  /** Answers with an error, where the switches place it. */
  refuse(error: WireError, retryAfter?: Millis): void {
    const { record, protocol, asked } = this.#petition
    record.error = error.name
    const isPlain = !asked.isStream || this.#context.switches.errorPlacement === 'http'
    const answer = isPlain
      ? errorAnswer(this.#context, protocol.envelope, error, record, retryAfter)
      : misplacedError(this.#context, this.#petition, error)
    record.status = answer.status
    this.#answer(answer)
    this.#end('answered')
  }

  /** The client hangs up: its slot is free at once, and what has been said by now is charged. */
  leave(): void {
    const { record } = this.#petition
    if (this.hasLeft || record.end) return
    this.hasLeft = true
    this.#broadcast?.silence()
    if (this.#admission) {
      const now = this.#context.timeline.now()
      const { service, outputTokens } = this.#admission
      record.outputTokens = readyBy(now - record.decidedAt!, service, outputTokens)
      record.money = this.#context.brain.complete(this.#admission, now, record.outputTokens)
    }
    this.#end('left')
  }

  #end(end: 'answered' | 'left'): void {
    const { record } = this.#petition
    record.end = end
    record.endedAt = this.#context.timeline.now()
    this.#context.ended(record)
  }

  #headers(isStream: boolean) {
    const { id, arrivedAt } = this.#petition.record
    return replyHeaders(id, arrivedAt, this.#context.timeline.now(), isStream)
  }
}
