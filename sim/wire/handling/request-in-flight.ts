import type { Call, Reply } from '../../../src/core/call.ts'
import type { Millis } from '../../../src/core/clock.ts'
import { causeOf, type Rule } from '../../../src/core/limit.ts'
import type { Verdict } from '../../../src/scenario/world.ts'
import type { WireError } from '../../errors/envelope.ts'
import { errorOf } from '../../errors/replies.ts'
import type { AttemptAtProvider, IncomingAttempt } from '../../provider/endpoint.ts'
import type { Admission, Decision } from '../../provider/provider.ts'
import type { Answer } from '../exchange.ts'
import { type RequestRecord, recordedDenial } from '../request-record.ts'
import type { WireSwitches } from '../wire-switches.ts'
import type { Context } from './context.ts'
import { errorAnswer } from './error-answer.ts'
import type { PreparedRequest } from './prepared-request.ts'

/** How a request is answered: whole, or as a stream. The form is chosen once, when the request has been read. */
export interface ReplyForm {
  /** The provider has admitted the request at this instant. */
  admitted(at: Millis, admission: Admission): void
  /** The model has finished its answer, which has this many output tokens. */
  complete(outputTokens: number): void
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
 * the business of its form.
 */
export class RequestInFlight implements IncomingAttempt {
  readonly call: Call
  readonly outputTokens: number
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

  constructor({ context, prepared, form, resolve }: RequestInFlightOptions) {
    this.call = prepared.call
    this.outputTokens = prepared.output.wanted
    this.context = context
    this.prepared = prepared
    this.#resolve = resolve
    this.#form = new form(this)
  }

  /** Sends the request to the provider. Called at most once. */
  send(): void {
    this.#atProvider = this.context.endpoint(this)
  }

  decided(at: Millis, verdict: Verdict, rules: readonly Rule[], decision?: Decision): void {
    const { record, asked, protocol } = this.prepared
    record.verdict = verdict
    record.decidedAt = at
    if (decision?.kind === 'admitted') {
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

  done(reply: Reply, money: number): void {
    if (reply.kind === 'throttled') {
      const { cause = causeOf('rpm'), retryAfter } = reply
      return this.fail({ name: errorOf[cause] }, { retryAfter })
    }
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
    else this.#form.complete(outputTokens)
  }

  stopped(outputTokens: number, money: number): void {
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
      this.#form.stop()
      // After an error the provider has nothing more to do with the request.
      if (record.error !== undefined) this.end('left')
      else if (this.#atProvider) this.#atProvider.hangUp()
      else if (this.context.onHangUp === 'stop') this.end('left')
    })
  }

  /** Hands the answer to the skin. Called once. */
  answer(answer: Answer): void {
    this.prepared.record.status = answer.kind === 'hang-up' ? 0 : answer.status
    this.context.timeline.woke()
    this.#resolve(answer)
  }

  /** Nothing more will happen to the request. Only the first call counts: a client can hang up while the last frame is written. */
  end(end: NonNullable<RequestRecord['end']>): void {
    const { record } = this.prepared
    if (record.end) return
    record.end = end
    record.endedAt = this.context.timeline.now()
    this.context.ended(record)
  }
}
