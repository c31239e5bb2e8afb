import { isPlanRule, type Limit, limitsOn, type Unit } from '../../../../src/core/limit.ts'
import { BadRequest } from '../../request/bad-request.ts'

/** The error of a request that asks for limits, or changes them, in a wrong way. */
export function refusedLimits(detail: string): BadRequest {
  return new BadRequest({ name: 'invalid-value', detail })
}

/** Limits as `/api/v1/models/limits` spells them: one limit for requests and one for tokens. Periods are in seconds. */
export function spelledLimits(limits: readonly Limit[]): object {
  const requests = tightest(limits, 'requests')
  const tokens = tightest(limits, 'tokens')
  return {
    request_limit: requests?.limit ?? null,
    request_limit_period: requests ? requests.window / 1000 : null,
    usage_limit: tokens?.limit ?? null,
    usage_limit_field: tokens ? 'total_tokens' : null,
    usage_limit_period: tokens ? tokens.window / 1000 : null,
    async_user_queue_limit: null,
    async_user_concurrency_limit: null,
  }
}

/**
 * The limit with the lowest rate, which is the one that the service publishes. The windows of a plan are none of a model. Of two limits with the
 * same rate, that with the shorter window.
 */
export function tightest(limits: readonly Limit[], unit: Unit): Limit | undefined {
  const ofModel = limits.filter(({ rule }) => !isPlanRule(rule))
  return limitsOn(unit, ofModel).reduce<Limit | undefined>(
    (best, each) => (best && !isTighter(each, best) ? best : each),
    undefined,
  )
}

function isTighter(a: Limit, b: Limit): boolean {
  const [ofA, ofB] = [a.limit * b.window, b.limit * a.window]
  return ofA === ofB ? a.window < b.window : ofA < ofB
}
