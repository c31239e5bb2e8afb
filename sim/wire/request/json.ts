const strict = new TextDecoder('utf-8', { fatal: true })

/** A body as text. Empty where it is not UTF-8: then it is no JSON either, and answered as such. */
export function bodyText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return ''
  }
}
