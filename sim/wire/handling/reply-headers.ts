import type { Millis } from '../../../src/core/clock.ts'
import { isLimitRule, type Unit } from '../../../src/core/limit.ts'
import type { Level } from '../../provider/counters.ts'
import type { Headers } from '../exchange.ts'
import type { RequestRecord } from '../request-record.ts'
import type { Context } from './context.ts'

const variesWhole = 'Origin,Access-Control-Request-Method,Access-Control-Request-Headers, Accept-Encoding'

/**
 * The headers that every reply of the service has, with the names, values and order that were captured in 2026. The skin adds `date`,
 * `transfer-encoding` and `content-length`.
 */
export function replyHeaders(context: Context, record: RequestRecord, status: number, isStream: boolean): Headers {
  const { timeline, switches } = context
  const { id, arrivedAt, path } = record
  const now = timeline.now()
  const took = String(now - arrivedAt)
  const headers: Record<string, string> = { vary: isStream ? 'Origin' : variesWhole, 'x-request-id': id }
  if (status === 403) headers['x-dashscope-timeout'] = '600'
  else headers['x-dashscope-call-gateway'] = 'true'
  headers['content-type'] = isStream ? 'text/event-stream;charset=UTF-8' : 'application/json'
  headers.server = 'istio-envoy'
  headers['req-cost-time'] = took
  headers['req-arrive-time'] = String(arrivedAt)
  headers['resp-start-time'] = String(now)
  headers['x-envoy-upstream-service-time'] = took
  if (status === 200 && path.startsWith('/api/v1/')) headers['eagleeye-traceid'] = hexOf(id)
  if (switches.cookie) headers['set-cookie'] = `acw_tc=${id}${mirrored(hexOf(id))};path=/;HttpOnly;Max-Age=1800`
  if (switches.limitHeaders && (status === 200 || status === 429))
    Object.assign(headers, limitHeaders(context, record, now))
  return headers
}

/** The 32 hexadecimal digits of an id. They stand in for a trace id, which has as many. */
function hexOf(id: string): string {
  return id.replaceAll('-', '')
}

function mirrored(text: string): string {
  return [...text].reverse().join('')
}

/**
 * The limits and what is left of them, under OpenAI's names. For requests and for tokens each, the limit that has the least left is shown:
 * its number, what is left of it, and the longest time until its window is empty again. This is an assumption: the service was never seen to
 * send such headers.
 */
export function limitHeaders(
  { provider }: Context,
  { account, workspace, model }: RequestRecord,
  now: Millis,
): Headers {
  const quota = model === undefined ? undefined : provider.accounts.get(account ?? '')?.quota(model, workspace)
  if (!quota) return {}
  const levels = quota.levels(now).filter(({ rule }) => isLimitRule(rule))
  return Object.assign({}, ...(['requests', 'tokens'] satisfies Unit[]).map((unit) => ofUnit(unit, levels)))
}

function ofUnit(unit: Unit, levels: readonly Level[]): Headers {
  const [first, ...others] = levels.filter((level) => level.unit === unit)
  if (!first) return {}
  const { limit, window, used } = others.reduce((least, each) => (left(each) < left(least) ? each : least), first)
  return {
    [`x-ratelimit-limit-${unit}`]: String(limit),
    [`x-ratelimit-remaining-${unit}`]: String(Math.max(0, limit - used)),
    [`x-ratelimit-reset-${unit}`]: duration(used > 0 ? window! : 0),
  }
}

function left({ limit, used }: Level): number {
  return limit - used
}

/** A duration as Go prints it, which OpenAI uses: `250ms`, `6s`, `1m0s`. */
function duration(ms: Millis): string {
  if (ms < 1000) return `${ms}ms`
  // The rest is taken of whole milliseconds: of seconds it would not be exact.
  const seconds = (ms % 60_000) / 1000
  return ms < 60_000 ? `${seconds}s` : `${Math.floor(ms / 60_000)}m${seconds}s`
}
