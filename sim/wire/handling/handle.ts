import type { Envelope, WireError } from '../../errors/envelope.ts'
import type { Owner } from '../../provider/provider.ts'
import type { Answer, Attendance, WireRequest } from '../exchange.ts'
import type { Visitor } from '../protocols/lookup.ts'
import type { Protocol } from '../protocols/protocol.ts'
import { routeOf } from '../protocols/routes.ts'
import { BadRequest } from '../request/bad-request.ts'
import { bodyFields } from '../request/body.ts'
import { bearerKey, waitTimeout } from '../request/headers.ts'
import { type RequestRecord, shortened } from '../request-record.ts'
import type { Context } from './context.ts'
import { errorAnswer } from './error-answer.ts'
import type { Fault } from './fault-plan.ts'
import { replyHeaders } from './reply-headers.ts'
import { Visit } from './request-in-flight.ts'

/** Receives a request: turns away what is wrong in itself, and lets the rest in. */
export function attend(context: Context, request: WireRequest): Attendance {
  const route = routeOf(request)
  const key = bearerKey(request)
  const record = context.begun(request, route.name, key)
  if ('error' in route) return turnedAway(context, record, route.envelope, route.error)
  const { envelope } = 'lookup' in route ? route : route.protocol
  const { bodyLimit } = request
  if (bodyLimit !== undefined)
    return turnedAway(context, record, envelope, { name: 'too-large', detail: String(bodyLimit) })
  const owner = context.brain.ownerOf(key)
  if (!owner) return turnedAway(context, record, envelope, { name: key === '' ? 'missing-key' : 'unknown-key' })
  try {
    if ('lookup' in route) return lookedUp(context, route.lookup(request, visitorOf(context, owner, record)), record)
    return letIn(context, route.protocol, request, key, record)
  } catch (error) {
    if (error instanceof BadRequest) return turnedAway(context, record, envelope, error.error)
    throw error
  }
}

const nobodyWaits = new AbortController().signal

/** A request that comes before no model. */
function turnedAway(context: Context, record: RequestRecord, envelope: Envelope, error: WireError): Attendance {
  const answer = errorAnswer(context, envelope, error, record)
  Object.assign(record, {
    error: error.name,
    status: answer.status,
    end: 'answered',
    endedAt: context.timeline.now(),
  })
  context.ended(record)
  return { answer: Promise.resolve(answer), leave: () => {} }
}

function visitorOf({ profile, timeline }: Context, { account, workspace }: Owner, { id }: RequestRecord): Visitor {
  return { account, workspace, profile, now: timeline.now(), requestId: id }
}

/** A request that no model works for. */
function lookedUp(context: Context, body: object, record: RequestRecord): Attendance {
  Object.assign(record, { status: 200, end: 'answered', endedAt: context.timeline.now() })
  const headers = replyHeaders(context, record, 200, false)
  context.ended(record)
  return {
    answer: Promise.resolve({ kind: 'whole', status: 200, headers, body: JSON.stringify(body) }),
    leave: () => {},
  }
}

function letIn(
  context: Context,
  protocol: Protocol,
  request: WireRequest,
  key: string,
  record: RequestRecord,
): Attendance {
  const { timeline, switches } = context
  const asked = protocol.read(bodyFields(request), request)
  const speech = context.speechOf(asked)
  const { model, maxTokens = switches.maxTokens, choices = 1, isStream } = asked
  const { promptTokens } = speech
  Object.assign(record, { model: shortened(model), isStream, promptTokens })
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
  let visit: Visit
  const answer = new Promise<Answer>((resolve) => {
    const answered = (each: Answer) => {
      timeline.woke()
      resolve(each)
    }
    const breaksAfter = broken === 'mid-body' ? { breaksAfter: after } : {}
    visit = new Visit(context, { call, protocol, asked, speech, record, ...breaksAfter }, answered)
    proceed(context, visit, fault)
  })
  return { answer, leave: () => visit.leave() }
}

/** A request takes its course: at once and to the provider, unless a fault says otherwise. */
function proceed({ timeline, endpoint }: Context, visit: Visit, fault: Fault | undefined): void {
  if (!fault) return endpoint(visit)
  const { delay = 0, placement, shape, capacity, error = capacity && 'serving-unavailable' } = fault.action
  const act = () => {
    if (visit.hasLeft) return
    if (error) visit.refuse({ name: error, detail: visit.call.target.model }, { placement, shape })
    else if (fault.action.break === 'before') visit.hangUp()
    else endpoint(visit)
  }
  if (delay > 0) timeline.after(delay, act)
  else act()
}
