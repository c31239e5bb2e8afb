import type { Call, Reply } from '../../../src/core/call.ts'
import type { Millis } from '../../../src/core/clock.ts'
import { causeOf } from '../../../src/core/limit.ts'
import type { Verdict } from '../../../src/scenario/world.ts'
import type { WireError } from '../../errors/envelope.ts'
import { errorOf } from '../../errors/replies.ts'
import type { IncomingAttempt } from '../../provider/endpoint.ts'
import type { Admission, Decision } from '../../provider/provider.ts'
import type { Answer, StreamedAnswer, WholeAnswer } from '../exchange.ts'
import { readyAt, readyBy } from '../model/speed.ts'
import { type RequestRecord, recordedDenial } from '../request-record.ts'
import type { WireSwitches } from '../wire-switches.ts'
import type { Context } from './context.ts'
import { errorAnswer } from './error-answer.ts'
import { misplacedError } from './misplaced-error.ts'
import type { PreparedRequest } from './prepared-request.ts'
import { replyHeaders } from './reply-headers.ts'
import { StreamWriter } from './stream-writer.ts'

interface Refusal {
  readonly retryAfter?: Millis | undefined
  readonly placement?: WireSwitches['errorPlacement'] | undefined
  readonly shape?: WireSwitches['errorShape'] | undefined
}

/** One request at the provider, from its arrival to its last byte. */
export class RequestInFlight implements IncomingAttempt {
  readonly call: Call
  readonly outputTokens: number
  hasLeft = false
  readonly #context: Context
  readonly #prepared: PreparedRequest
  readonly #answer: (answer: Answer) => void
  #admission: Admission | undefined
  #refusal: WireError | undefined
  #writer: StreamWriter | undefined

  constructor(context: Context, prepared: PreparedRequest, answer: (answer: Answer) => void) {
    this.call = prepared.call
    this.outputTokens = prepared.output.wanted
    this.#context = context
    this.#prepared = prepared
    this.#answer = answer
  }

  decided(at: Millis, verdict: Verdict, decision?: Decision): void {
    const { record, asked, protocol } = this.#prepared
    record.verdict = verdict
    record.decidedAt = at
    if (decision?.kind === 'admitted') return this.#admitted(at, decision.admission)
    if (decision?.kind === 'denied') record.denial = recordedDenial(decision, at)
    if (decision?.kind !== 'refused') return
    const { unknownModel = 'unknown-model' } = protocol
    const name = decision.refusal === 'unknown-model' ? unknownModel : decision.refusal
    this.#refusal = { name, detail: asked.model }
  }

  #admitted(at: Millis, admission: Admission): void {
    this.#admission = admission
    const { record, asked, output, protocol } = this.#prepared
    const { service, outputTokens: tokens } = admission
    record.firstTokenAt = at + service.firstToken
    if (!asked.isStream) return
    const { timeline, switches } = this.#context
    const frames = protocol.frames(asked, output.completion(record.id, at, tokens))
    const { frameTokens } = switches
    const writer = new StreamWriter({ timeline, output, frames, service, tokens, frameTokens })
    this.#writer = writer
    timeline.after(service.firstToken, () => {
      if (this.hasLeft) return
      writer.run()
      record.status = 200
      this.#answer({
        kind: 'stream',
        status: 200,
        headers: this.#headers(true),
        start: (sink) => writer.start(sink),
      })
    })
    const { breaksAfter } = this.#prepared
    if (breaksAfter === undefined) return
    const wanted = breaksAfter < 1 ? Math.round(breaksAfter * tokens) : 1 + (breaksAfter - 1) * frameTokens
    const said = Math.max(1, Math.min(tokens, wanted))
    timeline.after(readyAt(said, service, tokens), () => {
      if (this.hasLeft) return
      writer.breakOff(said)
      this.#cut(said, 'broken')
    })
  }

  done(reply: Reply, money: number): void {
    const { record, asked, protocol, output } = this.#prepared
    if (reply.kind !== 'ok') return this.#fail(reply)
    const { promptTokens, outputTokens } = reply.usage
    record.promptTokens = promptTokens
    record.outputTokens = outputTokens
    record.money = money
    record.status = 200
    if (this.#writer) {
      this.#writer.finish(outputTokens, (frames) => frames.closing())
      return this.#end('answered')
    }
    const completion = output.completion(record.id, record.decidedAt!, outputTokens)
    const body = JSON.stringify(protocol.whole(asked, completion))
    const { breaksAfter } = this.#prepared
    const whole = { kind: 'whole', status: 200, headers: this.#headers(false), body } as const
    if (breaksAfter === undefined) {
      this.#answer(whole)
      return this.#end('answered')
    }
    const share = breaksAfter < 1 ? breaksAfter : 0.5
    this.#answer({ ...whole, brokenAfter: Math.floor(body.length * share) })
    this.#end('broken')
  }

  #fail(reply: Exclude<Reply, { kind: 'ok' }>): void {
    if (reply.kind === 'throttled') {
      const { cause = causeOf('rpm'), retryAfter } = reply
      return this.refuse({ name: errorOf[cause] }, { retryAfter })
    }
    const refusal = this.#refusal!
    this.refuse(refusal, refusal.name === this.#prepared.protocol.unknownModel ? { placement: 'first-frame' } : {})
  }

  /** Answers with an error, where and how the switches have it unless a place or a shape is given. */
  refuse(error: WireError, { retryAfter, placement, shape }: Refusal = {}): void {
    const { record, protocol, asked } = this.#prepared
    record.error = error.name
    const { switches } = this.#context
    const errorPlacement = placement ?? switches.errorPlacement
    const begun = (answer: WholeAnswer | StreamedAnswer) => {
      record.status = answer.status
      this.#answer(answer)
    }
    if (asked.isStream && errorPlacement !== 'http') {
      const errorShape = shape ?? switches.errorShape
      const context = { ...this.#context, switches: { ...switches, errorPlacement, errorShape } }
      const ended = () => this.#end('answered')
      this.#writer = misplacedError(context, this.#prepared, error, { begun, ended })
      return
    }
    begun(errorAnswer(this.#context, protocol.envelope, error, record, retryAfter))
    this.#end('answered')
  }

  /** The connection breaks before anything is decided. */
  breakConnection(): void {
    this.#prepared.record.status = 0
    this.#answer({ kind: 'hang-up' })
    this.#end('broken')
  }

  /** The client hangs up: its slot is free at once, and what has been said by now is charged. */
  hangUp(): void {
    const { record } = this.#prepared
    if (this.hasLeft || record.end) return
    this.#writer?.silence()
    const { timeline } = this.#context
    const elapsed = timeline.now() - (record.decidedAt ?? 0)
    this.#cut(this.#admission && readyBy(elapsed, this.#admission.service, this.#admission.outputTokens), 'left')
  }

  /** Nothing more happens to the request; charges the output tokens that were said, if it was admitted. */
  #cut(said: number | undefined, end: 'left' | 'broken'): void {
    const { record } = this.#prepared
    this.hasLeft = true
    if (this.#admission && said !== undefined) {
      record.outputTokens = said
      record.money = this.#context.provider.complete(this.#admission, this.#context.timeline.now(), said)
    }
    this.#end(end)
  }

  #end(end: NonNullable<RequestRecord['end']>): void {
    const { record } = this.#prepared
    record.end = end
    record.endedAt = this.#context.timeline.now()
    this.#context.ended(record)
  }

  #headers(isStream: boolean) {
    return replyHeaders(this.#context, this.#prepared.record, 200, isStream)
  }
}
