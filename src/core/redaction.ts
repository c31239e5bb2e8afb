/** Shortens a key so that it can be told from others but not used. */
export function redactedKey(key: string): string {
  if (key === '') return ''
  const [, prefix = '', rest = ''] = /^((?:sk-)?)(.*)$/s.exec(key)!
  return rest.length < 12 ? `${prefix}${rest.slice(0, 2)}…` : `${prefix}${rest.slice(0, 4)}…${rest.slice(-4)}`
}

/** A key such as `sk-…` as a whole, also behind an escape of an address. One that is already shortened does not match. */
const key = /(?:(?<![\w-])|(?<=%[\da-f]{2}))sk-[\w-]+(?:\.[\w-]+)*(?![\w…-]|\.[\w-])/gi

/** The password of an address, the value of a field of its query whose name says that it is secret, and the credentials of a header. */
const secret =
  /(:\/\/[^\s/@:]*:)[^\s/"'`]+(?=@)|([?&][\w-]*(?:key|token|secret|password)=)[^\s&#"'`]+|(\b(?:Bearer|Basic) )[\w.~+/=-]{6,}/gi

/** Returns a text, such as a message or a path, in which everything that looks like a key is shortened or left out. */
export function withoutKeys(text: string): string {
  return text.replace(key, redactedKey).replace(secret, (_, ...groups) => `${groups.slice(0, 3).find(Boolean)}…`)
}
