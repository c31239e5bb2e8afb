/** One error of the service in its two dialects, as the table of error codes and the captures have it. */
export interface ErrorRow {
  readonly status: number
  /** `code` of the native protocol. */
  readonly native: string
  /** `code` of the OpenAI-compatible protocol. Absent: that of the native one. */
  readonly compat?: string
  /** `type` of the OpenAI-compatible protocol. Absent: its code. */
  readonly type?: string
  /** In the OpenAI-compatible protocol, and in the native one unless that has words of its own. `{…}` stand for details. */
  readonly message: string
  readonly nativeMessage?: string
  /** The article's shorter wording, where it prints one. */
  readonly article?: string
  /** Absent: null. */
  readonly param?: string
  /** Where on the page of error codes the message's link leads. Absent: the message has no link. */
  readonly anchor?: string
  /** Whether waiting may help. */
  readonly isTransient: boolean
}

const capacity =
  'Too many requests. Your requests are being throttled due to system capacity limits. Please try again later.'

/** Every row of the table of error codes, by a name of ours. Sources and confidence: `docs/discoveries.md`. */
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
  tokens: {
    status: 429,
    native: 'Throttling.AllocationQuota',
    compat: 'insufficient_quota',
    message: 'You exceeded your current quota, please check your plan and billing details.',
    nativeMessage: 'Allocated quota exceeded, please increase your quota limit.',
    anchor: '#token-limit',
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
  'app-requests': {
    status: 429,
    native: 'Throttling.RateQuota',
    compat: 'limit_requests',
    message: 'Requests rate limit exceeded, please try again later.',
    isTransient: true,
  },
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
  'resource-quota': {
    status: 400,
    native: 'Throttling.AllocationQuota',
    message: 'Free allocated quota exceeded.',
    isTransient: false,
  },
  'voice-storage': {
    status: 400,
    native: 'Throttling.AllocationQuota',
    message: 'Maximum voice storage limit exceeded, please delete existing voices.',
    isTransient: false,
  },
  'free-tier-only': {
    status: 403,
    native: 'AllocationQuota.FreeTierOnly',
    message:
      'The free tier of the model has been exhausted. If you wish to continue access the model on a paid basis, please disable the "use free tier only" mode in the management console.',
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
  'unknown-key': {
    status: 401,
    native: 'InvalidApiKey',
    compat: 'invalid_api_key',
    type: 'invalid_request_error',
    // The trailing space is the service's.
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
  'invalid-parameter': {
    status: 400,
    native: 'InvalidParameter',
    compat: 'invalid_parameter_error',
    type: 'invalid_request_error',
    message: '<400> InternalError.Algo.InvalidParameter: {detail}',
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
    native: 'MethodNotAllowed',
    compat: 'method_not_allowed',
    type: 'invalid_request_error',
    message: "Request method '{detail}' is not supported.",
    isTransient: false,
  },
  serving: { status: 500, native: 'ModelServingError', message: capacity, isTransient: true },
  'serving-unavailable': { status: 503, native: 'ModelServingError', message: capacity, isTransient: true },
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
    compat: 'request_timeout',
    message: 'Request timed out, please try again later.',
    isTransient: true,
  },
  // A gateway is nobody in particular: these words are ours.
  'gateway-down': {
    status: 503,
    native: 'GatewayUnavailable',
    compat: 'gateway_unavailable',
    message: 'The gateway is not available at the moment (simulated by ratelab).',
    isTransient: true,
  },
} satisfies Record<string, ErrorRow>

export type ErrorName = keyof typeof rows

export const errorTable: Readonly<Record<ErrorName, ErrorRow>> = rows

export const errorNames = Object.keys(rows) as ErrorName[]

/** The windows of a Coding Plan or Token Plan. */
function planWindow(window: string) {
  return {
    status: 429,
    native: 'Throttling.AllocationQuota',
    compat: 'insufficient_quota',
    message: `${window} allocated quota exceeded`,
    isTransient: false,
  }
}

function denied(native: string, message: string) {
  return { status: 403, native, compat: 'access_denied', message, isTransient: false }
}
