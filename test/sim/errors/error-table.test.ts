import { describe, expect, test } from 'vitest'
import { errorBody } from '../../../sim/errors/envelope.ts'
import { type ErrorName, errorNames, errorTable } from '../../../sim/errors/error-table.ts'
import type { MockOptions } from '../../../sim/mock/mock.ts'
import { article } from '../../../sim/profiles/article.ts'
import { cnBeijing } from '../../../sim/profiles/cn-beijing.ts'
import { intl } from '../../../sim/profiles/intl.ts'
import { chatPath, protocolRig, type Question } from '../wire/protocols/protocol-rig.ts'

const zh = 'https://help.aliyun.com/zh/model-studio/error-code'
const en = 'https://www.alibabacloud.com/help/en/model-studio/error-code'

interface Wording {
  readonly message: string
  readonly native?: string
  readonly anchor?: string
  readonly article?: string
}

/** The table of error codes from the documentation and the captures, copied by hand: status, codes and type, param, message. */
type Row = readonly [status: number, native: string, compat: string, type: string, param: null | '', words: Wording]

const capacity =
  'Too many requests. Your requests are being throttled due to system capacity limits. Please try again later.'
const freeIntl =
  'The free quota has been exhausted. To continue accessing the model on a paid basis, please complete your payment information （or disable the "use free tier only" mode in the management console if already completed).'
const request = 'invalid_request_error'

const expected: Readonly<Record<ErrorName, Row>> = {
  requests: [
    429,
    'Throttling.RateQuota',
    'limit_requests',
    'limit_requests',
    null,
    {
      message: 'You have exceeded your current request limit.',
      native: 'Requests rate limit exceeded, please try again later.',
      anchor: '#rate-limit',
      article: 'Requests rate limit exceeded',
    },
  ],
  'requests-plain': limited('You have exceeded your request limit.'),
  'requests-list': limited('You exceeded your current requests list.'),
  'requests-alias': [
    429,
    'LimitRequests',
    'limit_requests',
    'limit_requests',
    null,
    { message: 'You have exceeded your request limit.' },
  ],
  'requests-wait': limited(
    'Too many requests, please wait before trying again. You have sent too many requests.  Wait before trying again.',
  ),
  'app-requests': limited('Requests rate limit exceeded, please try again later.'),
  tokens: [
    429,
    'Throttling.AllocationQuota',
    'insufficient_quota',
    'insufficient_quota',
    null,
    {
      message: 'You exceeded your current quota, please check your plan and billing details.',
      native: 'Allocated quota exceeded, please increase your quota limit.',
      anchor: '#token-limit',
    },
  ],
  'tokens-allocated': [
    429,
    'Throttling.AllocationQuota',
    'insufficient_quota',
    'insufficient_quota',
    null,
    { message: 'Allocated quota exceeded, please increase your quota limit.', anchor: '#token-limit' },
  ],
  'tokens-counted': [429, 'Throttling', '429', 'Throttling', null, { message: 'Throttling: TPM(10680324/10000000)' }],
  burst: [
    429,
    'Throttling.BurstRate',
    'limit_burst_rate',
    'limit_burst_rate',
    '',
    {
      message:
        'Request rate increased too quickly. To ensure system stability, please adjust your client logic to scale requests more smoothly over time.',
      article: 'Request rate increased too quickly',
    },
  ],
  'free-quota': allocated('Free allocated quota exceeded.', 'Free allocated quota exceeded'),
  batch: allocated(
    'Too many requests. Batch requests are being throttled due to system capacity limits. Please try again later.',
  ),
  'plan-hour': allocated('hour allocated quota exceeded'),
  'plan-week': allocated('week allocated quota exceeded'),
  'plan-month': allocated('month allocated quota exceeded'),
  'plan-concurrency': allocated('concurrency allocated quota exceeded'),
  throttling: same(429, 'Throttling', 'Requests throttling triggered.'),
  route: same(429, 'Throttling', 'Too many requests in route. Please try again later.'),
  'tuning-jobs': same(429, 'Throttling', 'Too many fine-tune job in running, please retry later.'),
  'not-purchased': same(429, 'CommodityNotPurchased', 'Commodity has not purchased yet.'),
  'prepaid-overdue': same(429, 'PrepaidBillOverdue', 'The prepaid bill is overdue.'),
  'postpaid-overdue': same(429, 'PostpaidBillOverdue', 'The postpaid bill is overdue.'),
  arrears: [
    400,
    'Arrearage',
    'Arrearage',
    'Arrearage',
    null,
    {
      message: 'Access denied, please make sure your account is in good standing.',
      anchor: '#overdue-payment',
    },
  ],
  'resource-quota': same(400, 'Throttling.AllocationQuota', 'Free allocated quota exceeded.'),
  'resource-count': same(400, 'Throttling.AllocationQuota', '您当前的配额为DETAIL'),
  'voice-storage': same(
    400,
    'Throttling.AllocationQuota',
    'Maximum voice storage limit exceeded, please delete existing voices.',
  ),
  'free-tier-only': same(
    403,
    'AllocationQuota.FreeTierOnly',
    'The free tier of the model has been exhausted. If you wish to continue access the model on a paid basis, please disable the "use free tier only" mode in the management console.',
  ),
  'free-tier-only-intl': same(403, 'AllocationQuota.FreeTierOnly', freeIntl),
  'free-tier-only-workspace': [
    403,
    'AllocationQuota.FreeTierOnly',
    'insufficient_quota',
    'insufficient_quota',
    null,
    { message: freeIntl },
  ],
  'access-denied': forbidden('AccessDenied', 'Access denied.'),
  unpurchased: forbidden(
    'AccessDenied.Unpurchased',
    'Access to model denied. Please make sure you are eligible for using the model.',
  ),
  'model-access': forbidden('Model.AccessDenied', 'Model access denied.'),
  'workspace-access': forbidden('Workspace.AccessDenied', 'Workspace access denied.'),
  'endpoint-access': forbidden('Endpoint.AccessDenied', 'Endpoint access denied.'),
  'no-async': forbidden('AccessDenied', 'current user api does not support asynchronous calls'),
  'unknown-key': [
    401,
    'InvalidApiKey',
    'invalid_api_key',
    request,
    null,
    { message: 'Incorrect API key provided. ', native: 'Invalid API-key provided.' },
  ],
  'missing-key': [
    401,
    'InvalidApiKey',
    'invalid_api_key',
    request,
    null,
    {
      message:
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
      native: 'No API-key provided.',
    },
  ],
  'unknown-model': [
    404,
    'ModelNotFound',
    'model_not_found',
    request,
    null,
    {
      message: 'The model `DETAIL` does not exist or you do not have access to it.',
      native: 'The model DETAIL does not exist or you do not have access to it.',
    },
  ],
  'unknown-responses-model': [
    400,
    'InvalidParameter',
    'invalid_parameter_error',
    request,
    null,
    { message: "Unsupported model: 'DETAIL'" },
  ],
  'unsupported-model': [
    404,
    'ModelNotFound',
    'model_not_supported',
    request,
    null,
    { message: 'Unsupported model `DETAIL` for OpenAI compatibility mode.' },
  ],
  'only-streams': [
    400,
    'InvalidParameter',
    'invalid_parameter_error',
    request,
    null,
    { message: 'This model only support stream mode, please enable the stream parameter to access the model. ' },
  ],
  'invalid-body': [
    400,
    'InvalidParameter',
    request,
    request,
    null,
    { message: 'Required body invalid, please check the request body format.' },
  ],
  'invalid-value': [400, 'InvalidParameter', 'invalid_parameter_error', request, null, { message: 'DETAIL' }],
  'invalid-parameter': [
    400,
    'InvalidParameter',
    'invalid_parameter_error',
    request,
    null,
    { message: '<400> InternalError.Algo.InvalidParameter: DETAIL' },
  ],
  'too-much-work': [
    400,
    'InvalidParameter',
    'invalid_parameter_error',
    request,
    null,
    { message: 'The request asks for more than ratelab does for one request: DETAIL (a bound of ratelab).' },
  ],
  'too-large': [
    413,
    'RequestTooLarge',
    'request_too_large',
    request,
    null,
    { message: 'Exceeded limit on max bytes to request body: DETAIL' },
  ],
  'unknown-path': [404, 'InvalidURL', 'not_found', request, null, { message: 'url error, please check url!' }],
  'wrong-method': [405, 'Method Not Allowed', 'method_not_allowed', request, null, { message: 'Method DETAIL.' }],
  serving: same(500, 'ModelServingError', capacity),
  'serving-unavailable': same(503, 'ModelServingError', capacity),
  'serving-unknown': same(
    503,
    'ModelServingError',
    `<5000202> InternalError.Algo.ModelServingError.ModelServingUnknownError: An error occurred in model serving. The error message it sent us is [{"request_id":"4ab35fe8-0909-9934-bd34-f4bef2f4eeae","service_id":"v-d47ed302","status_code":503,"status_name":"ServiceUnavailable","status_message":"${capacity}"}]`,
  ),
  'model-unavailable': same(503, 'ModelUnavailable', 'Model is unavailable, please try again later.'),
  internal: [
    500,
    'InternalError',
    'internal_error',
    'internal_error',
    null,
    { message: 'An internal error has occured, please try again later or contact service support.' },
  ],
  timeout: same(500, 'RequestTimeOut', 'Request timed out, please try again later.'),
  overloaded: [
    503,
    'ServerOverloaded',
    'server_overloaded',
    'server_overloaded',
    null,
    {
      message:
        'The server has as many requests under way, or as much data in memory, as it may have (a message of ratelab).',
    },
  ],
  'gateway-down': [
    503,
    'GatewayUnavailable',
    'gateway_unavailable',
    'gateway_unavailable',
    null,
    { message: 'The gateway is not available at the moment (simulated by ratelab).' },
  ],
  'gateway-loop': [
    400,
    'LoopDetected',
    'loop_detected',
    request,
    null,
    { message: 'The request has passed through this gateway before (a message of ratelab).' },
  ],
  'no-account-replied': [
    502,
    'BadGateway',
    'bad_gateway',
    'bad_gateway',
    null,
    { message: 'No account behind the gateway has replied (a message of ratelab).' },
  ],
}

function limited(message: string): Row {
  return [429, 'Throttling.RateQuota', 'limit_requests', 'limit_requests', null, { message }]
}

function allocated(message: string, articles?: string): Row {
  const words = articles === undefined ? { message } : { message, article: articles }
  return [429, 'Throttling.AllocationQuota', 'insufficient_quota', 'insufficient_quota', null, words]
}

/** Rows whose compatible code and type are those of the native protocol. */
function same(status: number, code: string, message: string): Row {
  return [status, code, code, code, null, { message }]
}

function forbidden(native: string, message: string): Row {
  return [403, native, 'access_denied', 'access_denied', null, { message }]
}

const anthropicTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  405: 'api_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  502: 'api_error',
  503: 'api_error',
}

const id = { value: '4ab35fe8-0909-9934-bd34-f4bef2f4eeae', place: 'request_id' } as const

describe.each(errorNames)('%s', (name) => {
  const [status, native, compat, type, param, words] = expected[name]
  const error = { name, detail: 'DETAIL' }
  const text = (docs: string) => words.message + (words.anchor ? ` For details, see: ${docs}${words.anchor}` : '')

  test('has the status of the table', () => {
    expect(errorTable[name].status).toBe(status)
  })

  test.each([
    ['in Beijing', cnBeijing, zh],
    ['in Singapore', intl, en],
  ] as const)('OpenAI-compatible %s', (_, profile, docs) => {
    const message = JSON.stringify(text(docs))
    expect(JSON.stringify(errorBody(profile, 'compat', error, { id }))).toBe(
      `{"error":{"code":"${compat}","message":${message},"param":${JSON.stringify(param)},"type":"${type}"},"request_id":"${id.value}"}`,
    )
  })

  test('native', () => {
    const message = JSON.stringify(words.native ?? words.message)
    expect(JSON.stringify(errorBody(cnBeijing, 'native', error, { id }))).toBe(
      `{"code":"${native}","message":${message},"request_id":"${id.value}"}`,
    )
  })

  test('native, in a stream: the request id comes first', () => {
    const message = JSON.stringify(words.native ?? words.message)
    expect(JSON.stringify(errorBody(cnBeijing, 'native', error, { id, isInStream: true }))).toBe(
      `{"request_id":"${id.value}","code":"${native}","message":${message}}`,
    )
  })

  test('Anthropic-compatible', () => {
    const message = JSON.stringify(text(en))
    expect(JSON.stringify(errorBody(intl, 'anthropic', error, { id }))).toBe(
      `{"type":"error","error":{"type":"${anthropicTypes[status]}","message":${message}},"request_id":"${id.value}"}`,
    )
  })

  test('in the article’s spelling', () => {
    const message = JSON.stringify(words.article ?? words.message)
    expect(JSON.stringify(errorBody(article, 'compat', error, { id }))).toBe(
      `{"error":{"message":${message},"type":"${type}","code":"${compat}"},"status":${status}}`,
    )
  })

  test('is transient when it is a 429 that passes after a wait, or the service’s own fault', () => {
    const forGood: readonly string[] = [
      'free-quota',
      'plan-hour',
      'plan-week',
      'plan-month',
      'not-purchased',
      'prepaid-overdue',
      'postpaid-overdue',
    ]
    expect(errorTable[name].isTransient).toBe((status === 429 || status >= 500) && !forGood.includes(name))
  })
})

const hello = { model: 'qwen-plus', messages: [{ role: 'user', content: 'Hello' }] }
const chat: Question = { path: chatPath, body: hello }
const main = (billing: object): Partial<MockOptions> => ({
  accounts: [{ name: 'main', keys: ['sk-ratelab'], ...billing }],
})
const limited_ = (rule: 'rpm' | 'tpm', limit: number): Partial<MockOptions> => ({
  limits: { 'qwen-plus': [{ rule, limit, window: 60_000 }] },
})

/** Requests and options that cause an error without a fault. */
const byState: Partial<Record<ErrorName, readonly [Question, Partial<MockOptions>, asked?: number]>> = {
  requests: [chat, limited_('rpm', 1), 2],
  tokens: [chat, limited_('tpm', 1)],
  burst: [chat, { ...limited_('rpm', 1000), switches: { burstFloor: 0.001, burstInterval: 5000 } }, 2],
  'free-quota': [chat, main({ payable: false })],
  arrears: [chat, main({ arrears: true })],
  'free-tier-only': [chat, main({ stopWhenFreeIsUsed: true })],
  'unknown-key': [{ ...chat, headers: { authorization: 'Bearer sk-nobody' } }, {}],
  'missing-key': [{ ...chat, headers: { authorization: '' } }, {}],
  'unknown-model': [{ ...chat, body: { ...hello, model: 'qwen4' } }, {}],
  'unknown-responses-model': [{ path: '/compatible-mode/v1/responses', body: { model: 'qwen4', input: 'Hello' } }, {}],
  'unsupported-model': [{ ...chat, body: { ...hello, model: 'text-embedding-v4' } }, {}],
  'only-streams': [{ ...chat, body: { ...hello, model: 'qwq-plus' } }, { profile: 'cn-beijing' }],
  'invalid-body': [{ ...chat, body: '{' }, {}],
  'invalid-value': [
    { path: '/compatible-mode/v1/responses', body: { model: 'qwen-plus', input: 'Hello', max_output_tokens: 1 } },
    {},
  ],
  'invalid-parameter': [{ ...chat, body: { ...hello, max_tokens: -1 } }, {}],
  'unknown-path': [{ path: '/nowhere', body: {} }, {}],
  'wrong-method': [{ path: chatPath, method: 'GET' }, {}],
}

describe('an error', () => {
  test.each(Object.entries(byState))('%s occurs without a fault', async (name, [question, options, asked = 1]) => {
    const rig = protocolRig(options)
    const handlings = []
    for (let i = 0; i < asked; i++) handlings.push(rig.mock.handle(wireOf(question)))
    const answers = await rig.clock.run(Promise.all(handlings.map(({ answer }) => answer)))
    const last = answers.at(-1)!
    if (last.kind !== 'whole') throw new Error(`Expected a whole answer, got ${last.kind}`)
    expect(last.status).toBe(expected[name as ErrorName][0])
    const words = expected[name as ErrorName][5]
    const [start] = (question.path.endsWith('/responses') ? (words.native ?? words.message) : words.message).split(
      'DETAIL',
    )
    expect(JSON.parse(last.body).error?.message ?? JSON.parse(last.body).message).toContain(start)
  })

  test.each(errorNames)('%s occurs by a fault, and its body and header have the same request id', async (name) => {
    const { ask } = protocolRig({ faults: [{ when: 'always', do: { error: name } }] })
    const { status, headers, text, record } = await ask(chat)
    expect(status).toBe(expected[name][0])
    expect(record.error).toBe(name)
    expect(JSON.parse(text).request_id).toBe(headers['x-request-id'])
    expect(headers['x-request-id']).toBe(record.id)
  })

  test.each([
    '/compatible-mode/v1/chat/completions',
    '/compatible-mode/v1/responses',
    '/api/v1/services/aigc/text-generation/generation',
    '/apps/anthropic/v1/messages',
    '/nowhere',
    '/api/nowhere',
    '/apps/anthropic/nowhere',
  ])('has the request id in its body at %s', async (path) => {
    const { text, headers } = await protocolRig().ask({ path, body: '{' })
    expect(JSON.parse(text).request_id).toBe(headers['x-request-id'])
  })
})

function wireOf({ method = 'POST', path, headers = {}, body = '' }: Question) {
  const sent: Readonly<Record<string, string>> = { authorization: 'Bearer sk-ratelab', ...headers }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { method, path, query: '', header: (name: string) => sent[name], body: text }
}
