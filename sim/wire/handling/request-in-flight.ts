import type { Call, Reply } from '../../../src/core/call.ts'
import type { Millis } from '../../../src/core/clock.ts'
import type { Rule } from '../../../src/core/limit.ts'
import type { Verdict } from '../../../src/scenario/world.ts'
import { guarded } from '../../defects/guard.ts'
import type { WireError } from '../../errors/envelope.ts'
import { denialError } from '../../errors/replies.ts'
import { AttemptAtProvider, type IncomingAttempt } from '../../provider/endpoint.ts'
import type { Admission, Decision } from '../../provider/provider.ts'
import type { Answer, Sink, StreamedAnswer } from '../exchange.ts'
import { type RequestRecord, recordedDenial } from '../request-record.ts'
import type { WireSwitches } from '../wire-switches.ts'
import type { Context } from './context.ts'
import { errorAnswer } from './error-answer.ts'
import type { PreparedRequest } from './prepared-request.ts'
import { RequestTime } from './request-time.ts'

/** How a request is answered: whole, or as a stream. The form is chosen once, when the request has been read. */
export interface ReplyForm {
  /** The provider has admitted the request at this instant. */
  admitted(at: Millis, admission: Admission): void
  /** The model has finished its answer, which has this many output tokens and is charged next. */
  finish(outputTokens: number): void
  /** The answer is charged. */
  complete(): void
  /** The request ends with this error. */
  fail(error: WireError, terms: FailureTerms): void
  /** The client has hung up: nothing more is written. */
  stop(): void
}

/** What may be settled about an error besides its name. */
export interface FailureTerms {
  /** The wait that the reply advises. Default: the reply advises none. */
  readonly retryAfter?: Millis | undefined
  /** Default: as the switch `errorPlacement` says. */
  readonly placement?: WireSwitches['errorPlacement'] | undefined
  /** Default: as the switch `errorShape` says. */
  readonly shape?: WireSwitches['errorShape'] | undefined
}

export interface RequestInFlightOptions {
  readonly context: Context
  readonly prepared: PreparedRequest
  readonly form: new (request: RequestInFlight) => ReplyForm
  /** Called once, with the answer that the skin sends. */
  readonly resolve: (answer: Answer) => void
}

/**
 * One request from its arrival at the provider to its last byte: what the provider decides, and how the request ends. How the answer is written is
 * the business of its form. A step that throws ends the request with the documented error 500, or breaks its stream, and it is not charged.
 */
export class RequestInFlight implements IncomingAttempt {
  readonly call: Call
  readonly outputTokens: number
  /** What requests share, with the time of this one. */
  readonly context: Context
  readonly prepared: PreparedRequest
  /** Whether nobody reads the answer any more: the client has hung up, or the connection is broken. */
  hasLeft = false
  readonly #form: ReplyForm
  readonly #resolve: (answer: Answer) => void
  /** Undefined until the request is at the provider. */
  #atProvider: AttemptAtProvider | undefined
  /** Why the provider refused the request, if it did. */
  #refusal: WireError | undefined
  #isBroken = false
  #isDefective = false
  /** Whether the answer has been written to its end, though it may not be sent yet. */
  #isFinished = false
  readonly #time: RequestTime
  /** What the provider has charged and the answer has not yet used. */
  #admission: Admission | undefined
  /** Undefined until the body of a stream is started. */
  #sink: Sink | undefined

  constructor({ context, prepared, form, resolve }: RequestInFlightOptions) {
    this.call = prepared.call
    this.outputTokens = prepared.output.wanted
    this.#time = new RequestTime(context.timeline, (task) => this.guard(() => task.run()))
    this.context = { ...context, timeline: this.#time }
    this.prepared = prepared
    this.#resolve = resolve
    this.#form = new form(this)
  }

  /** Sends the request to the provider. Called at most once. */
  send(): void {
    this.#atProvider = new AttemptAtProvider(this, this.context)
  }

  /** Runs a step of the request: what happens to it at one instant. */
  guard(step: () => void): void {
    guarded(this.context.onDefect, step, () => this.#endDefective())
  }

  decided(at: Millis, verdict: Verdict, rules: readonly Rule[], decision?: Decision): void {
    const { record, asked, protocol } = this.prepared
    record.verdict = verdict
    record.decidedAt = at
    if (decision?.kind === 'admitted') {
      this.#admission = decision.admission
      record.firstTokenAt = at + decision.admission.service.firstToken
      if (!this.hasLeft) this.#form.admitted(at, decision.admission)
      return
    }
    if (decision?.kind === 'denied') record.denial = recordedDenial(decision, rules, at)
    if (decision?.kind !== 'refused') return
    const { unknownModel = 'unknown-model' } = protocol
    const name = decision.refusal === 'unknown-model' ? unknownModel : decision.refusal
    this.#refusal = { name, detail: asked.model }
  }

  finishing(outputTokens: number): void {
    if (!this.hasLeft) this.#form.finish(outputTokens)
    this.#isFinished = true
  }

  done(reply: Reply, money: number): void {
    if (reply.kind === 'throttled') {
      const { rule } = this.prepared.record.denial!
      const name = denialError(rule, reply.cause === undefined ? 'hidden' : 'told')
      return this.fail({ name }, { retryAfter: reply.retryAfter })
    }
    this.#admission = undefined
    const { record, protocol } = this.prepared
    if (reply.kind === 'failed') {
      const refusal = this.#refusal!
      return this.fail(refusal, refusal.name === protocol.unknownModel ? { placement: 'first-frame' } : {})
    }
    const { promptTokens, outputTokens } = reply.usage
    record.promptTokens = promptTokens
    record.outputTokens = outputTokens
    record.money = money
    if (this.hasLeft) this.end('left')
    else this.#form.complete()
  }

  stopped(outputTokens: number, money: number): void {
    this.#admission = undefined
    const { record } = this.prepared
    if (record.verdict === 'admitted') {
      record.outputTokens = outputTokens
      record.money = money
    }
    this.end(this.#isBroken ? 'broken' : 'left')
  }

  /** Ends the request with an error, which is placed and shaped as the switches say unless the terms say otherwise. */
  fail(error: WireError, terms: FailureTerms): void {
    this.prepared.record.error = error.name
    if (this.hasLeft) this.end('left')
    else this.#form.fail(error, terms)
  }

  /** Ends the request with an error as a plain HTTP reply. */
  answerError(error: WireError, retryAfter: Millis | undefined): void {
    const { record, protocol } = this.prepared
    this.answer(errorAnswer(this.context, { envelope: protocol.envelope, error, record, retryAfter }))
    this.end('answered')
  }

  /** Breaks the connection before anything is decided. */
  breakConnection(): void {
    if (this.hasLeft) return this.end('left')
    this.answer({ kind: 'hang-up' })
    this.end('broken')
  }

  /** Ends the request within its answer, after this many output tokens: the connection breaks, and these tokens are charged. */
  breakOff(outputTokens: number): void {
    this.hasLeft = true
    this.#isBroken = true
    this.#atProvider!.breakOff(outputTokens)
  }

  /** The client hangs up: nothing more is written. What becomes of the request is decided by the switch `onHangUp`. */
  hangUp(): void {
    this.context.timeline.atOneInstant(() => {
      const { record } = this.prepared
      if (this.hasLeft || record.end) return
      this.hasLeft = true
      this.guard(() => this.#leave())
    })
  }

  #leave(): void {
    this.#form.stop()
    // After an error the provider has nothing more to do with the request.
    if (this.prepared.record.error !== undefined) this.end('left')
    else if (this.#atProvider) this.#atProvider.hangUp()
    else if (this.context.onHangUp === 'stop') this.end('left')
  }

  /** Hands the answer to the skin. Called once. */
  answer(answer: Answer): void {
    this.prepared.record.status = answer.kind === 'hang-up' ? 0 : answer.status
    this.context.timeline.woke()
    this.#resolve(answer.kind === 'stream' ? { ...answer, start: (sink) => this.#start(sink, answer) } : answer)
  }

  /** Nothing more will happen to the request. Only the first call counts: a client can hang up while the last frame is written. */
  end(end: NonNullable<RequestRecord['end']>): void {
    const { record } = this.prepared
    if (record.end) return
    record.end = end
    record.endedAt = this.context.timeline.now()
    this.#time.end()
    this.context.ended(record)
  }

  #start(sink: Sink, answer: StreamedAnswer): void {
    this.#sink = sink
    if (this.#isDefective) sink.break()
    else this.guard(() => answer.start(sink))
  }

  /** Ends the request since a step has thrown. What else throws on the way is a defect of its own, and does not keep the request from its end. */
  #endDefective(): void {
    const { context, prepared } = this
    const { record } = prepared
    if (record.end) return
    const attempt = (step: () => void) => guarded(context.onDefect, step)
    const admission = this.#admission
    if (admission) attempt(() => context.provider.release(admission, context.timeline.now()))
    attempt(() => this.#form.stop())
    record.error = 'internal'
    if (this.hasLeft) return this.end('left')
    this.hasLeft = true
    if (record.status === undefined) {
      const breakUnanswered = () => {
        this.answer({ kind: 'hang-up' })
        this.end('broken')
      }
      return guarded(context.onDefect, () => this.answerError({ name: 'internal' }, undefined), breakUnanswered)
    }
    // The client has the whole stream.
    if (this.#isFinished) return this.end('answered')
    this.#isDefective = true
    attempt(() => this.#sink?.break())
    this.end('broken')
  }
}
