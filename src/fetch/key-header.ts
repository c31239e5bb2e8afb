import { OptionError } from '../core/expect.ts'

/** The headers that carry a key: the first, with a scheme before it, is that of most providers; the others are Anthropic's and Azure's. */
const names = ['authorization', 'x-api-key', 'api-key']

const bearer = /^Bearer +/i

/** Returns the headers of a request. Throws an `OptionError` that does not quote them, as the error of the platform does. */
export function headersOf(given: RequestInit['headers']): Headers {
  try {
    return new Headers(given)
  } catch {
    throw new OptionError('Expected `headers` to be names and values as HTTP allows them, got others')
  }
}

/** Returns the key that a request sends. Empty: it sends none, or credentials of another kind. */
export function keyIn(headers: Headers): string {
  const authorization = headers.get('authorization') ?? ''
  if (bearer.test(authorization)) return authorization.replace(bearer, '')
  return headers.get('x-api-key') ?? headers.get('api-key') ?? ''
}

/** Returns the headers with another key in the place of each occurrence of `old`. Throws an `OptionError` that does not quote the key. */
export function withKey(headers: Headers, old: string, key: string): Headers {
  if (key === old) return headers
  if (!/^[!-~]+$/.test(key)) throw new OptionError('Expected a key to be visible ASCII characters, got one that is not')
  const changed = new Headers(headers)
  if (old === '') changed.set('authorization', `Bearer ${key}`)
  for (const name of names) {
    const value = headers.get(name)
    if (old !== '' && value?.endsWith(old)) changed.set(name, value.slice(0, -old.length) + key)
  }
  return changed
}
