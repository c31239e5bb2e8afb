import type { Envelope, WireError } from '../../errors/envelope.ts'
import type { Owner } from '../../provider/provider.ts'
import type { Answer, Handling, WireRequest } from '../exchange.ts'
import type { LookupContext } from '../protocols/lookup.ts'
import type { Protocol } from '../protocols/protocol.ts'
import { BadRequest } from '../request/bad-request.ts'
import { bodyFields } from '../request/body.ts'
import { bearerKey, waitTimeout } from '../request/headers.ts'
import { type RequestRecord, shortenedText } from '../request-record.ts'
import type { Context } from './context.ts'
import { errorAnswer } from './error-answer.ts'
import type { Fault } from './fault-plan.ts'
import { replyHeaders } from './reply-headers.ts'
import { RequestInFlight } from './request-in-flight.ts'
import { routeOf } from './routes.ts'

/** Receives a request: turns away what is wrong in itself, and lets the rest in. */
export function handle(context: Context, request: WireRequest): Handling {
  const route = routeOf(request)
  const key = bearerKey(request)
  const record = context.begun(request, route.name, key)
  if ('error' in route) return rejectedReply(context, record, route.envelope, route.error)
  const { envelope } = 'lookup' in route ? route : route.protocol
  const { bodyLimit } = request
  if (bodyLimit !== undefined)
    return rejectedReply(context, record, envelope, { name: 'too-large', detail: String(bodyLimit) })
  const owner = context.provider.ownerOf(key)
  if (!owner) return rejectedReply(context, record, envelope, { name: key === '' ? 'missing-key' : 'unknown-key' })
  try {
    if ('lookup' in route)
      return lookupReply(context, route.lookup(request, lookupContextOf(context, owner, record)), record)
    return startGeneration(context, route.protocol, request, key, record)
  } catch (error) {
    if (error instanceof BadRequest) return rejectedReply(context, record, envelope, error.error)
    throw error
  }
}

const nobodyWaits = new AbortController().signal

/** A request that comes before no model. */
function rejectedReply(context: Context, record: RequestRecord, envelope: Envelope, error: WireError): Handling {
  const answer = errorAnswer(context, envelope, error, record)
  Object.assign(record, {
    error: error.name,
    status: answer.status,
    end: 'answered',
    endedAt: context.timeline.now(),
  })
  context.ended(record)
  return { answer: Promise.resolve(answer), hangUp: () => {} }
}

function lookupContextOf(
  { profile, timeline }: Context,
  { account, workspace }: Owner,
  { id }: RequestRecord,
): LookupContext {
  return { account, workspace, profile, now: timeline.now(), requestId: id }
}

/** A request that no model works for. */
function lookupReply(context: Context, body: object, record: RequestRecord): Handling {
  Object.assign(record, { status: 200, end: 'answered', endedAt: context.timeline.now() })
  const headers = replyHeaders(context, record, 200, false)
  context.ended(record)
  return {
    answer: Promise.resolve({ kind: 'whole', status: 200, headers, body: JSON.stringify(body) }),
    hangUp: () => {},
  }
}

function startGeneration(
  context: Context,
  protocol: Protocol,
  request: WireRequest,
  key: string,
  record: RequestRecord,
): Handling {
  const { timeline, switches } = context
  const asked = protocol.read(bodyFields(request), request)
  const output = context.outputOf(asked)
  const { model, maxTokens = switches.maxTokens, choices = 1, isStream } = asked
  const { promptTokens } = output
  Object.assign(record, { model: shortenedText(model), isStream, promptTokens })
  const call = {
    id: record.number,
    target: { endpoint: 'dashscope', key, model },
    promptTokens,
    maxTokens: maxTokens * choices,
    signal: nobodyWaits,
    deadline: Infinity,
    serverWait: waitTimeout(request),
  }
  const { path } = request
  const fault = context.faults.next({
    account: record.account!,
    protocol: record.protocol,
    path,
    model,
    stream: isStream,
  })
  if (fault) record.fault = fault.label
  const { break: broken, after = 0.5 } = fault?.action ?? {}
  let inFlight: RequestInFlight
  const answer = new Promise<Answer>((resolve) => {
    const answered = (each: Answer) => {
      timeline.woke()
      resolve(each)
    }
    const breaksAfter = broken === 'mid-body' ? { breaksAfter: after } : {}
    inFlight = new RequestInFlight(context, { call, protocol, asked, output, record, ...breaksAfter }, answered)
    applyFault(context, inFlight, fault)
  })
  return { answer, hangUp: () => inFlight.hangUp() }
}

/** A request takes its course: at once and to the provider, unless a fault says otherwise. */
function applyFault({ timeline, endpoint }: Context, inFlight: RequestInFlight, fault: Fault | undefined): void {
  if (!fault) return endpoint(inFlight)
  const { delay = 0, placement, shape, capacity, error = capacity && 'serving-unavailable' } = fault.action
  const act = () => {
    if (inFlight.hasLeft) return
    if (error) inFlight.refuse({ name: error, detail: inFlight.call.target.model }, { placement, shape })
    else if (fault.action.break === 'before') inFlight.breakConnection()
    else endpoint(inFlight)
  }
  if (delay > 0) timeline.after(delay, act)
  else act()
}
