import { describe, expect, test } from 'vitest'
import { type Refusal, refused, throttled } from '../../../sim/errors/replies.ts'
import { article } from '../../../sim/profiles/article.ts'
import { cnBeijing } from '../../../sim/profiles/cn-beijing.ts'
import { intl } from '../../../sim/profiles/intl.ts'
import { profiles } from '../../../sim/profiles/profiles.ts'
import { causeOf, rules } from '../../../src/core/limit.ts'

const zh = 'https://help.aliyun.com/zh/model-studio/error-code'
const en = 'https://www.alibabacloud.com/help/en/model-studio/error-code'

describe('a denial in the spelling of the service', () => {
  test.each([
    ['rps', 'limit_requests', `You have exceeded your current request limit. For details, see: ${zh}#rate-limit`, null],
    ['rpm', 'limit_requests', `You have exceeded your current request limit. For details, see: ${zh}#rate-limit`, null],
    [
      'tps',
      'insufficient_quota',
      `You exceeded your current quota, please check your plan and billing details. For details, see: ${zh}#token-limit`,
      null,
    ],
    [
      'tpm',
      'insufficient_quota',
      `You exceeded your current quota, please check your plan and billing details. For details, see: ${zh}#token-limit`,
      null,
    ],
    [
      'burst',
      'limit_burst_rate',
      'Request rate increased too quickly. To ensure system stability, please adjust your client logic to scale requests more smoothly over time.',
      '',
    ],
    ['free', 'insufficient_quota', 'Free allocated quota exceeded.', null],
    ['concurrency', 'insufficient_quota', 'concurrency allocated quota exceeded', null],
    ['plan-hour', 'insufficient_quota', 'hour allocated quota exceeded', null],
    ['plan-week', 'insufficient_quota', 'week allocated quota exceeded', null],
    ['plan-month', 'insufficient_quota', 'month allocated quota exceeded', null],
  ] as const)('%s is %s', (rule, code, message, param) => {
    expect(throttled(cnBeijing, rule)).toEqual({
      kind: 'throttled',
      cause: causeOf(rule),
      body: { error: { code, message, param, type: code } },
    })
  })

  test.each(rules)('%s is general where the cause is hidden', (rule) => {
    const body = {
      error: { code: 'Throttling', message: 'Requests throttling triggered.', param: null, type: 'Throttling' },
    }
    expect(throttled(cnBeijing, rule, undefined, 'hidden')).toEqual({ kind: 'throttled', body })
    expect(throttled(cnBeijing, rule, 7, 'hidden')).toEqual({ kind: 'throttled', retryAfter: 7, body })
  })

  test('has a link to the region’s documentation', () => {
    expect(JSON.stringify(throttled(intl, 'tpm').body)).toContain(`${en}#token-limit"`)
  })

  test('has the keys of the captured body, in the same order', () => {
    expect(JSON.stringify(throttled(cnBeijing, 'tpm').body)).toBe(
      `{"error":{"code":"insufficient_quota","message":"You exceeded your current quota, please check your plan and billing details. For details, see: ${zh}#token-limit","param":null,"type":"insufficient_quota"}}`,
    )
  })
})

describe('a denial in the spelling of the article', () => {
  test('tokens: the body that the article prints', () => {
    expect(JSON.stringify(throttled(article, 'tpm').body)).toBe(
      '{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","code":"insufficient_quota"},"status":429}',
    )
  })

  test.each([
    ['rps', 'limit_requests', 'Requests rate limit exceeded'],
    ['rpm', 'limit_requests', 'Requests rate limit exceeded'],
    ['burst', 'limit_burst_rate', 'Request rate increased too quickly'],
    ['free', 'insufficient_quota', 'Free allocated quota exceeded'],
  ] as const)('%s: the message of the article’s table', (rule, code, message) => {
    expect(throttled(article, rule).body).toEqual({ error: { message, type: code, code }, status: 429 })
  })
})

describe.each(Object.values(profiles))('$name', (profile) => {
  test.each(rules)('%s without advice is one shared, frozen reply', (rule) => {
    const reply = throttled(profile, rule)
    const body = reply.body as { readonly error: object }
    expect(throttled(profile, rule)).toBe(reply)
    expect(throttled(profile, rule, undefined)).toBe(reply)
    expect(reply).not.toHaveProperty('retryAfter')
    expect([reply, body, body.error].every(Object.isFrozen)).toBe(true)
  })

  test.each(rules)('%s with advice carries it, over the same body', (rule) => {
    const reply = throttled(profile, rule, 0)
    expect(reply).toEqual({ ...throttled(profile, rule), retryAfter: 0 })
    expect(reply.body).toBe(throttled(profile, rule).body)
  })

  test('rules with the same cause have the same reply', () => {
    expect(throttled(profile, 'rps')).toBe(throttled(profile, 'rpm'))
    expect(throttled(profile, 'tps')).toBe(throttled(profile, 'tpm'))
  })

  test.each([
    ['unknown-key', 401, 'invalid_api_key', false],
    ['unknown-model', 404, 'model_not_found', false],
    ['arrears', 400, 'Arrearage', false],
    ['free-tier-only', 403, 'AllocationQuota.FreeTierOnly', false],
    ['gateway-down', 503, 'gateway_unavailable', true],
  ] satisfies [Refusal, number, string, boolean][])('%s is a %i %s', (kind, status, code, retryable) => {
    const reply = refused(profile, kind, 'qwen4')
    expect(reply).toMatchObject({ kind: 'failed', status, code, retryable, body: { error: { code } } })
    const body = reply.body as { readonly status?: number }
    expect(body.status).toBe(profile.spelling === 'article' ? status : undefined)
    expect(Object.isFrozen(reply) && Object.isFrozen(body)).toBe(true)
  })
})

describe('a refusal in the spelling of the service', () => {
  const errorOf = (kind: Refusal, model?: string) => refused(cnBeijing, kind, model).body

  test('of an unknown key has the documented body, with its trailing space', () => {
    expect(errorOf('unknown-key')).toEqual({
      error: {
        message: 'Incorrect API key provided. ',
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_api_key',
      },
    })
  })

  test('of an unknown model has any name unchanged', () => {
    expect(errorOf('unknown-model', "qwen-$&-$'")).toEqual({
      error: {
        message: "The model `qwen-$&-$'` does not exist or you do not have access to it.",
        type: 'invalid_request_error',
        param: null,
        code: 'model_not_found',
      },
    })
  })

  test('of an account in arrears is a 400 with a link of its own', () => {
    expect(errorOf('arrears')).toEqual({
      error: {
        message: `Access denied, please make sure your account is in good standing. For details, see: ${zh}#overdue-payment`,
        type: 'Arrearage',
        param: null,
        code: 'Arrearage',
      },
    })
  })

  test('of an account that must not be billed is a 403', () => {
    expect(errorOf('free-tier-only')).toMatchObject({
      error: {
        type: 'AllocationQuota.FreeTierOnly',
        param: null,
        message: expect.stringContaining('The free tier of the model has been exhausted.'),
      },
    })
  })

  test('of a gateway that is down has a message of its own', () => {
    expect(errorOf('gateway-down')).toMatchObject({ error: { message: expect.stringContaining('ratelab') } })
  })
})
