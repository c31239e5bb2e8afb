import { quotable } from '../../src/core/expect.ts'
import type { Profile } from '../../src/scenario/profile.ts'
import { type ErrorName, type ErrorRow, errorTable } from './error-table.ts'

/** How a protocol wraps an error. */
export type Envelope = 'compat' | 'native' | 'anthropic'

/** An error of one request. */
export interface WireError {
  readonly name: ErrorName
  /** The text that replaces `{model}` or `{detail}` in the message. Default: empty. */
  readonly detail?: string
}

/** The places at which a compatible error can have the request's id. */
export const idPlaces = ['request_id', 'error.id'] as const

/** The envelopes whose messages end with a link to the page of error codes: the compatible one, this and the native one, or none. */
export const linkedEnvelopes = ['compat', 'both', 'none'] as const

/** The id of the request that failed. */
export interface RequestId {
  readonly value: string
  /** Where the compatible protocol shows it. */
  readonly place: (typeof idPlaces)[number]
}

/** What the body of an error depends on, besides the error itself. */
export interface Circumstances {
  /** Default: none; the body then shows no id, as in process. */
  readonly id?: RequestId
  /** The protocols whose messages end with a link to the documentation. Default: `compat`. */
  readonly links?: (typeof linkedEnvelopes)[number]
  /** Whether the body is sent in a frame of a stream, where envelopes have another form. Default: false. */
  readonly isInStream?: boolean
}

/** The body of an error, in the spelling of a profile and the envelope of a protocol. */
export function errorBody(
  profile: Profile,
  envelope: Envelope,
  error: WireError,
  { id, links = 'compat', isInStream = false }: Circumstances = {},
): object {
  const row = errorTable[error.name]
  const { detail = '' } = error
  const details: Readonly<Record<string, string>> = { id: id?.value ?? '', detail, model: quotable(detail) }
  const filled = (text: string) => text.replace(/\{(model|detail|id)\}/, (_, name) => details[name]!)
  if (envelope === 'native') {
    const { native: code, nativeMessage = row.message } = row
    const message = filled(nativeMessage) + (links === 'both' ? linkOf(profile, row) : '')
    const request = id && { request_id: id.value }
    return isInStream ? { ...request, code, message } : { code, message, ...request }
  }
  const message = filled(row.message) + (links === 'none' ? '' : linkOf(profile, row))
  if (envelope === 'anthropic') return isInStream ? anthropicFrame(message) : anthropicBody(row, message, id)
  const { compat: code = row.native, type = code, param = null } = row
  if (profile.spelling === 'article') {
    // The article prints other words than the service, and a field `status` that no captured body has.
    return { error: { message: row.article ?? filled(row.message), type, code }, status: row.status }
  }
  if (isInStream) return { error: { code, message, type } }
  if (id?.place === 'error.id') return { error: { code, message, type, id: id.value } }
  return { error: { code, message, param, type }, ...(id && { request_id: id.value }) }
}

function linkOf(profile: Profile, { anchor }: ErrorRow): string {
  return anchor === undefined ? '' : ` For details, see: ${profile.docs}${anchor}`
}

const anthropicTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
}

/** Anthropic's envelope. The types are those that Anthropic has for each status, since it is not known which types the service sends. */
function anthropicBody({ status }: ErrorRow, message: string, id: RequestId | undefined): object {
  const type = anthropicTypes[status] ?? 'api_error'
  return { type: 'error', error: { type, message }, ...(id && { request_id: id.value }) }
}

/** The error in a stream. The captured one calls a denial by a limit an invalid request, and wraps its message once more. */
function anthropicFrame(message: string): object {
  return { type: 'error', error: { type: 'invalid_request_error', message: JSON.stringify({ message }) } }
}
