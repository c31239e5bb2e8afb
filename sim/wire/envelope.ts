import type { Profile } from '../profiles/profile.ts'
import { type ErrorName, type ErrorRow, errorTable } from './error-table.ts'

/** How a protocol wraps an error. */
export type Envelope = 'compat' | 'native' | 'anthropic'

/** An error of one request. */
export interface WireError {
  readonly name: ErrorName
  /** What stands in the place of `{model}` or `{detail}` in the message. */
  readonly detail?: string
}

/** Which request failed, and where the compatible protocol says so. */
export interface RequestId {
  readonly value: string
  readonly place: 'request_id' | 'error.id'
}

/** The body of an error, in a profile's spelling and a protocol's envelope. Without an id it names no request, as in process. */
export function errorBody(profile: Profile, envelope: Envelope, error: WireError, id?: RequestId): object {
  const row = errorTable[error.name]
  const message = (text: string) => text.replace(/\{(model|detail)\}/, () => error.detail ?? '')
  if (envelope === 'native') {
    const { native: code, nativeMessage = row.message } = row
    return { code, message: message(nativeMessage), ...(id && { request_id: id.value }) }
  }
  const text = message(row.message) + linkOf(profile, row)
  if (envelope === 'anthropic') return anthropicBody(row, text, id)
  const { compat: code = row.native, type = code, param = null } = row
  if (profile.spelling === 'article') {
    // The body that the article prints: its own words, and a `status` that no captured body has.
    return { error: { message: row.article ?? message(row.message), type, code }, status: row.status }
  }
  if (id?.place === 'error.id') return { error: { code, message: text, type, id: id.value } }
  return { error: { code, message: text, param, type }, ...(id && { request_id: id.value }) }
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

/** Anthropic's envelope. Its types are Anthropic's own for the status; which ones the service sends is not known. */
function anthropicBody({ status }: ErrorRow, message: string, id: RequestId | undefined): object {
  const type = anthropicTypes[status] ?? 'api_error'
  return { type: 'error', error: { type, message }, ...(id && { request_id: id.value }) }
}
