import { bearerOf } from '../wire/request/headers.ts'
import { isSameSecret, secretDigest } from '../wire/request/secret.ts'
import { isLoopback } from './loopback.ts'

/** The sender of a request to the control plane. */
export interface Caller {
  /** The IP address of the sender. Undefined when it is not known; the sender then counts as another machine. */
  readonly address: string | undefined
  readonly headers: Headers
}

/**
 * Whether a caller may use the control plane. Where there is a token, the caller must send it. Otherwise the caller must be on this machine,
 * and the request must not have come through a proxy or from a page of another site in a browser on this machine.
 */
export function isAllowed({ address, headers }: Caller, token: string | undefined): boolean {
  if (token !== undefined) {
    const given = [bearerOf(headers.get('authorization') ?? undefined), headers.get('x-ratelab-token')]
    const expected = secretDigest(token)
    return given.some((each) => typeof each === 'string' && isSameSecret(secretDigest(each), expected))
  }
  if (address === undefined || !isLoopback(address)) return false
  return !wasPassedOn(headers) && namesThisMachine(headers.get('host')) && isFromThisMachine(headers)
}

/** The headers with which proxies, load balancers and content networks say that they have passed a request on, or for whom. */
const proxyHeader =
  /(^|-)(via|forwarded)(-|$)|(client|real|remote|connecting|originating|external|socket|user)-?(ipv?\d?|addr|address)$|^cdn-loop$|^cf-ray$|^x-(original|rewrite|envoy|amz-cf)-/

/** Whether a proxy has passed the request on. The address of the sender is then that of the proxy, and tells nothing about the caller. */
function wasPassedOn(headers: Headers): boolean {
  return [...headers.keys()].some((name) => proxyHeader.test(name))
}

/** Whether the header `Host` names this machine. A site can give this machine a name of its own, and a browser then sends that name. */
function namesThisMachine(host: string | null): boolean {
  return host === null || (/^[^/\\?#@\s]+$/.test(host) && isOwnHost(URL.parse(`http://${host}`)))
}

/** Whether the request came from no page in a browser, or from one of this machine. Browsers send `Origin` with all that can change something. */
function isFromThisMachine(headers: Headers): boolean {
  const origin = headers.get('origin')
  if (origin === null) return ['same-origin', 'same-site', 'none', null].includes(headers.get('sec-fetch-site'))
  const url = URL.parse(origin)
  return url?.origin === origin && isOwnHost(url)
}

function isOwnHost(url: URL | null): boolean {
  return url !== null && isLoopback(url.hostname.replace(/^\[|\]$/g, ''))
}
