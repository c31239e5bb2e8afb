import { bearerOf } from '../wire/request/headers.ts'
import { isSameSecret, secretDigest } from '../wire/request/secret.ts'
import { isLoopback } from './loopback.ts'

/** The sender of a request to the control plane. */
export interface Caller {
  /** The IP address of the sender. Undefined when it is not known; the sender then counts as another machine. */
  readonly address: string | undefined
  header(name: string): string | undefined
}

/**
 * Whether a caller may use the control plane. It may when it has the token, or when it is on this machine. A browser on this machine
 * may show a page from another site. So without the token the `Host` header, and the `Origin` header if there is one, must also name
 * this machine.
 */
export function isAllowed(caller: Caller, token: string | undefined): boolean {
  const given = bearerOf(caller.header('authorization')) ?? caller.header('x-ratelab-token')
  if (token !== undefined && given !== undefined && isSameSecret(secretDigest(given), secretDigest(token))) return true
  if (caller.address === undefined || !isLoopback(caller.address)) return false
  const { host, origin } = { host: caller.header('host'), origin: caller.header('origin') }
  return isOwnName(host && `http://${host}`) && isOwnName(origin)
}

/** Whether the host of a URL is this machine. The URL is undefined when its header is missing, which counts as this machine. */
function isOwnName(url: string | undefined): boolean {
  if (url === undefined) return true
  const host = URL.parse(url)?.hostname.replace(/^\[|\]$/g, '')
  return host !== undefined && isLoopback(host)
}
