import type { Call } from '../../../src/core/call.ts'
import { batchEndpoint } from '../../../src/scenario/batch-chat.ts'
import { guarded } from '../../defects/guard.ts'
import type { Envelope, WireError } from '../../errors/envelope.ts'
import type { Owner } from '../../provider/provider.ts'
import type { Answer, Handling, WholeAnswer, WireRequest } from '../exchange.ts'
import type { Kept } from '../model/completion.ts'
import type { LookupContext } from '../protocols/lookup.ts'
import type { Protocol } from '../protocols/protocol.ts'
import { shortenedText } from '../recorded-text.ts'
import { BadRequest } from '../request/bad-request.ts'
import { bodyFields } from '../request/body.ts'
import { bearerKey, waitTimeout } from '../request/headers.ts'
import type { RequestRecord } from '../request-record.ts'
import { tooLongAnswer } from './answer-size.ts'
import type { Context } from './context.ts'
import { errorAnswer } from './error-answer.ts'
import { halfway } from './fault-action.ts'
import type { Fault } from './fault-plan.ts'
import { ownAnswer } from './own-answer.ts'
import { replyHeaders } from './reply-headers.ts'
import { RequestInFlight } from './request-in-flight.ts'
import { batchPath, envelopeOf, type Route, routeOf } from './routes.ts'
import { StreamedReply } from './streamed-reply.ts'
import { WholeReply } from './whole-reply.ts'

/**
 * Answers a request: with an error if the request itself is wrong, else with what it looks up or with what a model generates. Never throws: what
 * throws on the way ends in the documented error 500.
 */
export function handle(context: Context, request: WireRequest): Handling {
  const { onDefect } = context
  return guarded(
    onDefect,
    () => {
      const route = routeOf(request)
      const key = bearerKey(request)
      const record = context.begun(request, route.name, key)
      const read = () => handleAt(route, context, { request, key, record })
      return guarded(onDefect, read, () => rejectedReply(context, record, envelopeAt(route), { name: 'internal' }))
    },
    () => settled(ownAnswer(envelopeOf(request.path), { name: 'internal' })),
  )
}

function envelopeAt(route: Route): Envelope {
  return 'protocol' in route ? route.protocol.envelope : route.envelope
}

/** Answers a request that is registered. */
function handleAt(route: Route, context: Context, accepted: AcceptedRequest): Handling {
  const { request, key, record } = accepted
  const envelope = envelopeAt(route)
  if ('error' in route) return rejectedReply(context, record, envelope, route.error)
  if (request.refused) return rejectedReply(context, record, envelope, request.refused)
  const owner = context.provider.ownerOf(key)
  if (!owner) return rejectedReply(context, record, envelope, { name: key === '' ? 'missing-key' : 'unknown-key' })
  try {
    if ('lookup' in route)
      return lookupReply(context, route.lookup(request, lookupContextOf(context, owner, record)), record)
    return startGeneration(context, route.protocol, accepted)
  } catch (error) {
    if (error instanceof BadRequest) return rejectedReply(context, record, envelope, error.error)
    throw error
  }
}

/** Answers with an error without asking the provider. */
function rejectedReply(context: Context, record: RequestRecord, envelope: Envelope, error: WireError): Handling {
  record.error = error.name
  return immediateReply(context, record, errorAnswer(context, { envelope, error, record }))
}

/** Answers with what the request looks up, without asking the provider. */
function lookupReply(context: Context, body: object, record: RequestRecord): Handling {
  const headers = replyHeaders(context, record, 200, false)
  return immediateReply(context, record, { kind: 'whole', status: 200, headers, body: JSON.stringify(body) })
}

/** Answers at once: nothing more happens to the request. */
function immediateReply(context: Context, record: RequestRecord, answer: WholeAnswer): Handling {
  Object.assign(record, { status: answer.status, end: 'answered', endedAt: context.timeline.now() })
  context.ended(record)
  return settled(answer)
}

function settled(answer: WholeAnswer): Handling {
  return { answer: Promise.resolve(answer), hangUp: () => {} }
}

function lookupContextOf(
  { profile, timeline }: Context,
  { account, workspace }: Owner,
  { id }: RequestRecord,
): LookupContext {
  return { account, workspace, profile, now: timeline.now(), requestId: id }
}

/** A request, and what has been read of it so far. */
interface AcceptedRequest {
  readonly request: WireRequest
  readonly key: string
  readonly record: RequestRecord
}

/** Reads the request as its protocol spells it, and sends it to the provider. */
function startGeneration(context: Context, protocol: Protocol, accepted: AcceptedRequest): Handling {
  const { request, record } = accepted
  const read = protocol.read(bodyFields(request), request)
  const { prompt, isStream } = read
  // A name that no model has can be a key.
  const model = Object.hasOwn(context.profile.models, read.model) ? read.model : shortenedText(read.model)
  // The object itself is changed, since to leave the prompt out of a copy would take ten times as long.
  const asked: Kept = Object.assign(read, { prompt: undefined, model })
  const output = context.outputOf(asked, prompt)
  const { promptTokens } = output
  const tooLong = tooLongAnswer(asked, output, context.switches)
  if (tooLong) throw tooLong
  Object.assign(record, { model, isStream, promptTokens })
  const { account } = record
  const fault = context.faults.next({
    account: account!,
    protocol: record.protocol,
    path: request.path,
    model,
    stream: isStream,
  })
  if (fault) record.fault = fault.label
  const { break: broken, after = halfway } = fault?.action ?? {}
  const call = callOf(context, asked, promptTokens, accepted)
  const breaksAfter = broken === 'mid-body' ? { breaksAfter: after } : {}
  const { promise, resolve } = Promise.withResolvers<Answer>()
  const inFlight = new RequestInFlight({
    context,
    prepared: { call, protocol, asked, output, record, ...breaksAfter },
    form: isStream ? StreamedReply : WholeReply,
    resolve,
  })
  inFlight.guard(() => applyFault(inFlight, fault))
  return { answer: promise, hangUp: () => inFlight.hangUp() }
}

/** The signal of every call from the wire. It never aborts, since `hangUp` tells of a client that is gone. */
const neverAborted = new AbortController().signal

/** The request as the provider sees it. */
function callOf(
  { switches }: Context,
  { model, maxTokens = switches.maxTokens, choices = 1 }: Kept,
  promptTokens: number,
  { request, key, record }: AcceptedRequest,
): Call {
  return {
    id: record.number,
    target: { endpoint: request.path.startsWith(batchPath) ? batchEndpoint : 'dashscope', key, model },
    promptTokens,
    maxTokens: maxTokens * choices,
    signal: neverAborted,
    deadline: Infinity,
    serverWait: waitTimeout(request),
  }
}

/** Sends a request to the provider at once, unless a fault delays it, fails it or breaks its connection. */
function applyFault(inFlight: RequestInFlight, fault: Fault | undefined): void {
  if (!fault) return inFlight.send()
  const { delay = 0, placement, shape, capacity, error = capacity && 'serving-unavailable' } = fault.action
  const act = () => {
    if (error) inFlight.fail({ name: error, detail: inFlight.call.target.model }, { placement, shape })
    else if (fault.action.break === 'before') inFlight.breakConnection()
    else inFlight.send()
  }
  if (delay > 0) inFlight.context.timeline.after(delay, act)
  else act()
}
