import { createHash, timingSafeEqual } from 'node:crypto'
import { bearerOf } from '../wire/request/headers.ts'
import { isLoopback } from './loopback.ts'

/** The sender of a request to the control plane. */
export interface Caller {
  /** The IP address of the other end. Undefined: not known, which counts as another machine. */
  readonly address: string | undefined
  header(name: string): string | undefined
}

/**
 * Whether a caller may use the control plane: one that has the token, or one on this machine. A browser is on this machine too
 * whatever page it shows: so without the token the host that was asked, and the origin of the page if any, must be this machine.
 */
export function isAllowed(caller: Caller, token: string | undefined): boolean {
  const given = bearerOf(caller.header('authorization')) ?? caller.header('x-ratelab-token')
  if (token !== undefined && given !== undefined && isEqual(given, token)) return true
  if (caller.address === undefined || !isLoopback(caller.address)) return false
  const { host, origin } = { host: caller.header('host'), origin: caller.header('origin') }
  return isOwnName(host && `http://${host}`) && isOwnName(origin)
}

/** Compares in constant time, so that the time does not reveal how much of the token was right. */
function isEqual(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}

/** Whether a URL names this machine. Undefined, for a header that is missing, counts as this machine. */
function isOwnName(url: string | undefined): boolean {
  if (url === undefined) return true
  const host = URL.parse(url)?.hostname.replace(/^\[|\]$/g, '')
  return host !== undefined && isLoopback(host)
}
