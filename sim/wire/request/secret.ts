import { createHash, timingSafeEqual } from 'node:crypto'

/** The digest of a secret. Digests have one length, so that comparing them does not reveal how long the secret is. */
export function secretDigest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Compares two digests in constant time, so that the time does not reveal how much of a secret was right. */
export function isSameSecret(given: Buffer, expected: Buffer): boolean {
  return timingSafeEqual(given, expected)
}
