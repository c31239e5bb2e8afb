import { seeded } from '../src/core/random.ts'
import { isObject } from '../src/core/shape.ts'
import type { AccountSpec, Switches, World } from '../src/core/world.ts'
import { directEndpoint } from './endpoint.ts'
import { profileNamed } from './profiles/profiles.ts'
import { provider } from './provider.ts'
import { switchesOf } from './switches.ts'
import type { Timeline } from './virtual-clock.ts'
import { bearerKey } from './wire/bearer-key.ts'
import type { Context } from './wire/context.ts'
import type { Envelope, WireError } from './wire/envelope.ts'
import { errorAnswer } from './wire/error-answer.ts'
import type { Answer, Attendance, WireRequest } from './wire/exchange.ts'
import { model } from './wire/model.ts'
import { BadRequest, type Protocol } from './wire/protocol.ts'
import { requestIds } from './wire/request-ids.ts'
import { type RequestRecord, redacted } from './wire/request-record.ts'
import { routeOf } from './wire/routes.ts'
import { estimatedTokens } from './wire/tokens.ts'
import { Visit } from './wire/visit.ts'
import { type WireSwitches, wireSwitchesOf } from './wire/wire-switches.ts'

export interface MockOptions {
  readonly timeline: Timeline
  /** Default `intl`. */
  readonly profile?: string
  /** Default: one account with the key `sk-ratelab`. */
  readonly accounts?: readonly AccountSpec[]
  readonly switches?: Partial<Switches>
  readonly wire?: Partial<WireSwitches>
  /** Default 1. */
  readonly seed?: number
  /** Told once for each request, when nothing more will happen to it. */
  readonly ended?: (record: RequestRecord) => void
}

/** The provider behind its wire protocols: what every skin drives. */
export interface Mock {
  /** Never throws, and its answer never rejects: a wrong request gets the error that the service would send. */
  attend(request: WireRequest): Attendance
}

const nobodyWaits = new AbortController().signal

export function mock(options: MockOptions): Mock {
  const { timeline, seed = 1, accounts = [{ name: 'main', keys: ['sk-ratelab'] }] } = options
  const world: World = { profile: options.profile ?? 'intl', accounts }
  const profile = profileNamed(world.profile)
  const random = seeded(seed)
  const brain = provider(world, profile, switchesOf(options.switches), random.fork('provider'))
  const wire = wireSwitchesOf(options.wire)
  const endpoint = directEndpoint(brain, timeline)
  const speechOf = model(wire, estimatedTokens, random.fork('model'))
  const idOf = requestIds(random.fork('ids'))
  const context: Context = { timeline, brain, profile, switches: wire, ended: (record) => options.ended?.(record) }
  let arrived = 0

  function recordOf({ method, path }: WireRequest, protocol: string, key: string): RequestRecord {
    const number = ++arrived
    const account = brain.ownerOf(key)?.account.name
    const record = { number, id: idOf(number), arrivedAt: timeline.now(), method, path, protocol, key: redacted(key) }
    return account === undefined ? record : { ...record, account }
  }

  /** A request that comes before no model. */
  function turnedAway(record: RequestRecord, envelope: Envelope, error: WireError): Attendance {
    const answer = errorAnswer(context, envelope, error, record)
    Object.assign(record, { error: error.name, status: answer.status, end: 'answered', endedAt: timeline.now() })
    context.ended(record)
    return { answer: Promise.resolve(answer), leave: () => {} }
  }

  function visit(protocol: Protocol, request: WireRequest, key: string, record: RequestRecord): Attendance {
    const asked = protocol.read(bodyOf(request), request)
    const speech = speechOf(asked)
    const { model, maxTokens = wire.maxTokens, isStream } = asked
    const { promptTokens } = speech
    Object.assign(record, { model, isStream, promptTokens })
    const target = { endpoint: 'dashscope', key, model }
    const serverWait = Number(request.header('x-dashscope-wait-timeout') ?? 0) * 1000
    const call = {
      id: record.number,
      target,
      promptTokens,
      maxTokens,
      signal: nobodyWaits,
      deadline: Infinity,
      ...(serverWait > 0 && Number.isSafeInteger(serverWait) && { serverWait }),
    }
    let visit: Visit
    const answer = new Promise<Answer>((resolve) => {
      visit = new Visit(context, { call, protocol, asked, speech, record }, resolve)
      endpoint(visit)
    })
    return { answer, leave: () => visit.leave() }
  }

  return {
    attend(request) {
      const route = routeOf(request)
      const key = bearerKey(request)
      const record = recordOf(request, route.name, key)
      if ('error' in route) return turnedAway(record, route.envelope, route.error)
      const { protocol } = route
      if (!brain.ownerOf(key))
        return turnedAway(record, protocol.envelope, { name: key === '' ? 'missing-key' : 'unknown-key' })
      try {
        return visit(protocol, request, key, record)
      } catch (error) {
        if (error instanceof BadRequest) return turnedAway(record, protocol.envelope, error.error)
        throw error
      }
    },
  }
}

function bodyOf({ body }: WireRequest) {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw new BadRequest({ name: 'invalid-body' })
  }
  if (!isObject(value)) throw new BadRequest({ name: 'invalid-body' })
  return value
}
