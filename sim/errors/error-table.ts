import type { Millis } from '../../src/core/clock.ts'

/** One error of the service, as it stands in the documented table of error codes and in captures. */
export interface ErrorRow {
  /** The HTTP status. */
  readonly status: number
  /** The `code` in the native protocol. */
  readonly native: string
  /** The `code` in the OpenAI-compatible protocol. Default: the code of the native protocol. */
  readonly compat?: string
  /** The `type` in the OpenAI-compatible protocol. Default: its code. */
  readonly type?: string
  /** The message. `{model}`, `{detail}` and `{id}` are replaced by the details of the request. */
  readonly message: string
  /** The message in the native protocol. Default: the same message. */
  readonly nativeMessage?: string
  /** The shorter message that the article prints. Default: the same message. */
  readonly article?: string
  /** The `param` in the OpenAI-compatible protocol. Default: null. */
  readonly param?: string
  /** The place on the page of error codes that the link at the end of the message points at. Default: the message has no link. */
  readonly anchor?: string
  /** Whether the same request may succeed later. */
  readonly isTransient: boolean
  /** The wait that the header `retry-after` advises, milliseconds. Default: what the switches say, or none. */
  readonly retryAfter?: Millis
}

const capacity =
  'Too many requests. Your requests are being throttled due to system capacity limits. Please try again later.'

const freeTierIntl =
  'The free quota has been exhausted. To continue accessing the model on a paid basis, please complete your payment information （or disable the "use free tier only" mode in the management console if already completed).'

/**
 * Every row of the documented table of error codes, by our own name for it. A row with several messages is several rows here: the one with the
 * shortest name is what the service sends today. Sources and confidence: `docs/discoveries.md`.
 */
const rows = {
  requests: {
    status: 429,
    native: 'Throttling.RateQuota',
    compat: 'limit_requests',
    message: 'You have exceeded your current request limit.',
    nativeMessage: 'Requests rate limit exceeded, please try again later.',
    article: 'Requests rate limit exceeded',
    anchor: '#rate-limit',
    isTransient: true,
  },
  'requests-plain': requestLimit('You have exceeded your request limit.'),
  'requests-list': requestLimit('You exceeded your current requests list.'),
  'requests-alias': { ...requestLimit('You have exceeded your request limit.'), native: 'LimitRequests' },
  // Captured in a stream of the Anthropic-compatible protocol. The service sends the two spaces.
  'requests-wait': requestLimit(
    'Too many requests, please wait before trying again. You have sent too many requests.  Wait before trying again.',
  ),
  tokens: {
    status: 429,
    native: 'Throttling.AllocationQuota',
    compat: 'insufficient_quota',
    message: 'You exceeded your current quota, please check your plan and billing details.',
    nativeMessage: 'Allocated quota exceeded, please increase your quota limit.',
    anchor: '#token-limit',
    isTransient: true,
  },
  'tokens-allocated': {
    status: 429,
    native: 'Throttling.AllocationQuota',
    compat: 'insufficient_quota',
    message: 'Allocated quota exceeded, please increase your quota limit.',
    anchor: '#token-limit',
    isTransient: true,
  },
  // Captured behind a gateway, with its numbers: more tokens had been counted than the limit admits.
  'tokens-counted': {
    status: 429,
    native: 'Throttling',
    compat: '429',
    type: 'Throttling',
    message: 'Throttling: TPM(10680324/10000000)',
    isTransient: true,
  },
  burst: {
    status: 429,
    native: 'Throttling.BurstRate',
    compat: 'limit_burst_rate',
    message:
      'Request rate increased too quickly. To ensure system stability, please adjust your client logic to scale requests more smoothly over time.',
    article: 'Request rate increased too quickly',
    param: '',
    isTransient: true,
  },
  'free-quota': {
    status: 429,
    native: 'Throttling.AllocationQuota',
    compat: 'insufficient_quota',
    message: 'Free allocated quota exceeded.',
    article: 'Free allocated quota exceeded',
    isTransient: false,
  },
  batch: {
    status: 429,
    native: 'Throttling.AllocationQuota',
    compat: 'insufficient_quota',
    message:
      'Too many requests. Batch requests are being throttled due to system capacity limits. Please try again later.',
    isTransient: true,
  },
  'plan-hour': planWindow('hour'),
  'plan-week': planWindow('week'),
  'plan-month': planWindow('month'),
  'plan-concurrency': { ...planWindow('concurrency'), isTransient: true },
  throttling: {
    status: 429,
    native: 'Throttling',
    message: 'Requests throttling triggered.',
    isTransient: true,
  },
  route: {
    status: 429,
    native: 'Throttling',
    message: 'Too many requests in route. Please try again later.',
    isTransient: true,
  },
  'tuning-jobs': {
    status: 429,
    native: 'Throttling',
    message: 'Too many fine-tune job in running, please retry later.',
    isTransient: true,
  },
  'app-requests': requestLimit('Requests rate limit exceeded, please try again later.'),
  'not-purchased': {
    status: 429,
    native: 'CommodityNotPurchased',
    message: 'Commodity has not purchased yet.',
    isTransient: false,
  },
  'prepaid-overdue': {
    status: 429,
    native: 'PrepaidBillOverdue',
    message: 'The prepaid bill is overdue.',
    isTransient: false,
  },
  'postpaid-overdue': {
    status: 429,
    native: 'PostpaidBillOverdue',
    message: 'The postpaid bill is overdue.',
    isTransient: false,
  },
  arrears: {
    status: 400,
    native: 'Arrearage',
    message: 'Access denied, please make sure your account is in good standing.',
    anchor: '#overdue-payment',
    isTransient: false,
  },
  'resource-quota': resourceLimit('Free allocated quota exceeded.'),
  'resource-count': resourceLimit('您当前的配额为{detail}'),
  'voice-storage': resourceLimit('Maximum voice storage limit exceeded, please delete existing voices.'),
  'free-tier-only': {
    status: 403,
    native: 'AllocationQuota.FreeTierOnly',
    message:
      'The free tier of the model has been exhausted. If you wish to continue access the model on a paid basis, please disable the "use free tier only" mode in the management console.',
    isTransient: false,
  },
  // Captured in Singapore in September 2026. The service sends the brackets.
  'free-tier-only-intl': {
    status: 403,
    native: 'AllocationQuota.FreeTierOnly',
    message: freeTierIntl,
    isTransient: false,
  },
  // Captured from the domain of a workspace: the same message with another code.
  'free-tier-only-workspace': {
    status: 403,
    native: 'AllocationQuota.FreeTierOnly',
    compat: 'insufficient_quota',
    message: freeTierIntl,
    isTransient: false,
  },
  'access-denied': denied('AccessDenied', 'Access denied.'),
  unpurchased: denied(
    'AccessDenied.Unpurchased',
    'Access to model denied. Please make sure you are eligible for using the model.',
  ),
  'model-access': denied('Model.AccessDenied', 'Model access denied.'),
  'workspace-access': denied('Workspace.AccessDenied', 'Workspace access denied.'),
  'endpoint-access': denied('Endpoint.AccessDenied', 'Endpoint access denied.'),
  'no-async': denied('AccessDenied', 'current user api does not support asynchronous calls'),
  'unknown-key': {
    status: 401,
    native: 'InvalidApiKey',
    compat: 'invalid_api_key',
    type: 'invalid_request_error',
    // The service sends the trailing space.
    message: 'Incorrect API key provided. ',
    nativeMessage: 'Invalid API-key provided.',
    isTransient: false,
  },
  'missing-key': {
    status: 401,
    native: 'InvalidApiKey',
    compat: 'invalid_api_key',
    type: 'invalid_request_error',
    message:
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
    nativeMessage: 'No API-key provided.',
    isTransient: false,
  },
  'unknown-model': {
    status: 404,
    native: 'ModelNotFound',
    compat: 'model_not_found',
    type: 'invalid_request_error',
    message: 'The model `{model}` does not exist or you do not have access to it.',
    nativeMessage: 'The model {model} does not exist or you do not have access to it.',
    isTransient: false,
  },
  'invalid-body': {
    status: 400,
    native: 'InvalidParameter',
    compat: 'invalid_request_error',
    type: 'invalid_request_error',
    message: 'Required body invalid, please check the request body format.',
    isTransient: false,
  },
  // What the protocol itself checks, before the model's own checks.
  'invalid-value': {
    status: 400,
    native: 'InvalidParameter',
    compat: 'invalid_parameter_error',
    type: 'invalid_request_error',
    message: '{detail}',
    isTransient: false,
  },
  'invalid-parameter': {
    status: 400,
    native: 'InvalidParameter',
    compat: 'invalid_parameter_error',
    type: 'invalid_request_error',
    message: '<400> InternalError.Algo.InvalidParameter: {detail}',
    isTransient: false,
  },
  'only-streams': {
    status: 400,
    native: 'InvalidParameter',
    compat: 'invalid_parameter_error',
    type: 'invalid_request_error',
    // The service sends the trailing space.
    message: 'This model only support stream mode, please enable the stream parameter to access the model. ',
    isTransient: false,
  },
  'unsupported-model': {
    status: 404,
    native: 'ModelNotFound',
    compat: 'model_not_supported',
    type: 'invalid_request_error',
    message: 'Unsupported model `{model}` for OpenAI compatibility mode.',
    isTransient: false,
  },
  // The words of the Responses protocol for a model that does not exist.
  'unknown-responses-model': {
    status: 400,
    native: 'InvalidParameter',
    compat: 'invalid_parameter_error',
    type: 'invalid_request_error',
    message: "Unsupported model: '{model}'",
    isTransient: false,
  },
  'too-large': {
    status: 413,
    native: 'RequestTooLarge',
    compat: 'request_too_large',
    type: 'invalid_request_error',
    message: 'Exceeded limit on max bytes to request body: {detail}',
    isTransient: false,
  },
  // A bound of ratelab's own, so the words are ours.
  'too-much-work': {
    status: 400,
    native: 'InvalidParameter',
    compat: 'invalid_parameter_error',
    type: 'invalid_request_error',
    message: 'The request asks for more than ratelab does for one request: {detail} (a bound of ratelab).',
    isTransient: false,
  },
  'unknown-path': {
    status: 404,
    native: 'InvalidURL',
    compat: 'not_found',
    type: 'invalid_request_error',
    message: 'url error, please check url!',
    isTransient: false,
  },
  'wrong-method': {
    status: 405,
    native: 'Method Not Allowed',
    compat: 'method_not_allowed',
    type: 'invalid_request_error',
    // Captured in the Responses protocol.
    message: 'Method {detail}.',
    isTransient: false,
  },
  serving: { status: 500, native: 'ModelServingError', message: capacity, isTransient: true },
  'serving-unavailable': { status: 503, native: 'ModelServingError', message: capacity, isTransient: true },
  // Captured in a stream: the message of the model's own server, passed through.
  'serving-unknown': {
    status: 503,
    native: 'ModelServingError',
    message: `<5000202> InternalError.Algo.ModelServingError.ModelServingUnknownError: An error occurred in model serving. The error message it sent us is [{"request_id":"{id}","service_id":"v-d47ed302","status_code":503,"status_name":"ServiceUnavailable","status_message":"${capacity}"}]`,
    isTransient: true,
  },
  'model-unavailable': {
    status: 503,
    native: 'ModelUnavailable',
    message: 'Model is unavailable, please try again later.',
    isTransient: true,
  },
  internal: {
    status: 500,
    native: 'InternalError',
    compat: 'internal_error',
    message: 'An internal error has occured, please try again later or contact service support.',
    isTransient: true,
  },
  timeout: {
    status: 500,
    native: 'RequestTimeOut',
    message: 'Request timed out, please try again later.',
    isTransient: true,
  },
  // These errors come from ratelab's own server and gateway, and the words are ours.
  overloaded: {
    status: 503,
    native: 'ServerOverloaded',
    compat: 'server_overloaded',
    message:
      'The server has as many requests under way, or as much data in memory, as it may have (a message of ratelab).',
    isTransient: true,
    retryAfter: 1000,
  },
  'gateway-down': {
    status: 503,
    native: 'GatewayUnavailable',
    compat: 'gateway_unavailable',
    message: 'The gateway is not available at the moment (simulated by ratelab).',
    isTransient: true,
  },
  'no-account-replied': {
    status: 502,
    native: 'BadGateway',
    compat: 'bad_gateway',
    message: 'No account behind the gateway has replied (a message of ratelab).',
    isTransient: true,
  },
  'gateway-loop': {
    // Not a 5xx such as 508, which clients would try again: each retry would go round again.
    status: 400,
    native: 'LoopDetected',
    compat: 'loop_detected',
    type: 'invalid_request_error',
    message: 'The request has passed through this gateway before (a message of ratelab).',
    isTransient: false,
  },
} satisfies Record<string, ErrorRow>

export type ErrorName = keyof typeof rows

/** Every error that the wire can answer with, by our own name for it. */
export const errorTable: Readonly<Record<ErrorName, ErrorRow>> = rows

export const errorNames = Object.keys(rows) as ErrorName[]

/** The error of a full window of a Coding Plan or Token Plan. */
function planWindow(window: string) {
  return {
    status: 429,
    native: 'Throttling.AllocationQuota',
    compat: 'insufficient_quota',
    message: `${window} allocated quota exceeded`,
    isTransient: false,
  }
}

/** An error of a limit of requests. */
function requestLimit(message: string) {
  return { status: 429, native: 'Throttling.RateQuota', compat: 'limit_requests', message, isTransient: true }
}

/** The error of a limit on the number of things that an account may keep; it is not a rate. */
function resourceLimit(message: string) {
  return { status: 400, native: 'Throttling.AllocationQuota', message, isTransient: false }
}

/** An error of an account that may not use something. */
function denied(native: string, message: string) {
  return { status: 403, native, compat: 'access_denied', message, isTransient: false }
}
