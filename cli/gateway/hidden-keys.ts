import { redactedKey } from '../../sim/wire/request-record.ts'

/** What most providers' keys look like. */
const keyLike = /\bsk-[\w-]{4,}/gi

/** A message about the command line without the keys in it, which a user may have typed in the place of something else. */
export function withHiddenKeys(message: string): string {
  return message.replace(keyLike, redactedKey)
}
