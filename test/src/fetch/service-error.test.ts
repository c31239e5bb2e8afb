import { describe, expect, test } from 'vitest'
import { errorBody } from '../../../sim/errors/envelope.ts'
import { type ErrorName, errorNames, errorTable } from '../../../sim/errors/error-table.ts'
import { profileOf } from '../../../sim/profiles/profiles.ts'
import type { Cause } from '../../../src/core/call.ts'
import { errorMeaning, serviceErrorIn, serviceErrorInText, unknownError } from '../../../src/fetch/service-error.ts'

const profiles = ['intl', 'cn-beijing', 'article'].map(profileOf)
const places = [false, true].flatMap((isInStream) =>
  (['compat', 'native', 'anthropic'] as const).map((envelope) => ({ envelope, isInStream })),
)

/** The causes of the rows of throttles. A row without one tells none. */
const causes: Partial<Record<ErrorName, Cause>> = {
  requests: 'requests',
  'requests-plain': 'requests',
  'requests-list': 'requests',
  'requests-alias': 'requests',
  'requests-wait': 'requests',
  'app-requests': 'requests',
  tokens: 'tokens',
  'tokens-allocated': 'tokens',
  'tokens-counted': 'tokens',
  burst: 'burst',
  'free-quota': 'quota',
  'plan-hour': 'quota',
  'plan-week': 'quota',
  'plan-month': 'quota',
}

/** An envelope of Anthropic has no code, and so the words of these rows do not tell what they are. */
const wordless = ['batch', 'not-purchased', 'prepaid-overdue', 'postpaid-overdue']

describe.each(places)('an error in the envelope $envelope, in a stream: $isInStream', ({ envelope, isInStream }) => {
  test.each(errorNames)('%s is read as the table has it', (name) => {
    const { status, isTransient } = errorTable[name]
    for (const profile of profiles) {
      const body = errorBody(
        profile,
        envelope,
        { name, detail: 'x' },
        { isInStream, id: { value: 'id', place: 'request_id' } },
      )
      const error = serviceErrorInText(JSON.stringify(body))!
      expect(error).toBeDefined()
      if (envelope === 'anthropic' && wordless.includes(name)) continue
      const meaning = errorMeaning(error, status)
      expect(meaning).toMatchObject({ status, isTransient })
      if (status === 429 && name !== 'batch') expect(meaning.cause).toBe(causes[name])
    }
  })
})

describe('without a status', () => {
  const throttles = errorNames.filter((name) => errorTable[name].status === 429 && errorTable[name].isTransient)
  test.each(throttles)('%s of a compatible stream is a throttle', (name) => {
    const body = errorBody(profiles[0]!, 'compat', { name }, { isInStream: true })
    expect(errorMeaning(serviceErrorIn(body)!, undefined)).toMatchObject({
      status: 429,
      isThrottle: true,
      isTransient: true,
    })
  })

  test.each(['serving', 'internal', 'timeout', 'model-unavailable', 'overloaded'] as const)('%s may pass', (name) => {
    const body = errorBody(profiles[0]!, 'compat', { name }, { isInStream: true })
    expect(errorMeaning(serviceErrorIn(body)!, undefined)).toMatchObject({ isThrottle: false, isTransient: true })
  })

  test.each(['arrears', 'unknown-key', 'unknown-model', 'invalid-parameter', 'free-tier-only'] as const)(
    '%s does not',
    (name) => {
      const body = errorBody(profiles[0]!, 'compat', { name, detail: 'x' }, { isInStream: true })
      expect(errorMeaning(serviceErrorIn(body)!, undefined)).toMatchObject({ isThrottle: false, isTransient: false })
    },
  )
})

describe('OpenAI’s own', () => {
  const limit = (unit: string, words: string) => ({
    error: {
      message: `Rate limit reached for gpt-4o in organization org-x on ${words}: Limit 3, Used 3, Requested 1. Please try again in 20s.`,
      type: unit,
      param: null,
      code: 'rate_limit_exceeded',
    },
  })
  test.each([
    ['requests', 'requests', 'requests per min (RPM)'],
    ['tokens', 'tokens', 'tokens per min (TPM)'],
    ['requests', '', 'requests per day (RPD)'],
    ['tokens', 'rate_limit_error', 'tokens per min (TPM)'],
  ])('429 of %s', (cause, type, words) => {
    expect(errorMeaning(serviceErrorIn(limit(type, words))!, 429)).toMatchObject({ isThrottle: true, cause })
    expect(errorMeaning(serviceErrorIn(limit(type, words))!, undefined)).toMatchObject({
      status: 429,
      isThrottle: true,
      cause,
    })
  })

  test('insufficient_quota is transient', () => {
    const message = 'You exceeded your current quota, please check your plan and billing details.'
    const error = serviceErrorIn({
      error: { message, type: 'insufficient_quota', param: null, code: 'insufficient_quota' },
    })!
    expect(errorMeaning(error, 429)).toMatchObject({ isThrottle: true, isTransient: true, cause: 'tokens' })
  })
})

test.each([
  ['the text of an error', { error: 'Requests rate limit exceeded' }, 'requests'],
  [
    'JSON in the text of an error',
    { error: '{"code":"Throttling.AllocationQuota","message":"m"}', request_id: 'x' },
    'tokens',
  ],
  ['a numeric code', { error: { code: 429, message: 'slow down' } }, undefined],
  [
    'an `error_finish` chunk',
    { choices: [{ finish_reason: 'error_finish', delta: { content: 'Throttling: TPM(10680324/10000000)' } }] },
    'tokens',
  ],
  [
    'a failed response',
    { type: 'response.failed', response: { error: { code: 'limit_burst_rate', message: '' } } },
    'burst',
  ],
  ['an error event', { type: 'error', code: 'rate_limit_exceeded', message: 'requests per min' }, 'requests'],
])('%s is an error', (_what, json, cause) => {
  expect(errorMeaning(serviceErrorIn(json)!, undefined)).toMatchObject({ status: 429, isThrottle: true, cause })
})

test.each([
  [null],
  [[]],
  ['error'],
  [{ error: null, output: [] }],
  [{ error: {} }],
  [{ error: '' }],
  [{ code: '', message: '', output: { text: 'x' } }],
  [{ code: '200', message: 'ok', output: { text: 'x' } }],
  [{ choices: [{ finish_reason: 'stop', delta: { content: 'error' } }] }],
  [{ choices: [null] }],
  [{ choices: 'x' }],
])('%j is none', (json) => {
  expect(serviceErrorIn(json)).toBeUndefined()
})

test('a body without a known error means what its status says', () => {
  expect(errorMeaning(unknownError, 429)).toMatchObject({ isThrottle: true, cause: undefined, code: '' })
  expect(errorMeaning(unknownError, 502)).toMatchObject({ isThrottle: false, isTransient: true })
  expect(errorMeaning(unknownError, 404)).toMatchObject({ isThrottle: false, isTransient: false })
})
