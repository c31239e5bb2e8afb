import { printable } from './printable.ts'

/** Returns a text as one word of a shell's command: in single quotes when it has signs that a shell would take for its own. */
export function shellWord(text: string): string {
  return /^[\w./:=,@%+-]+$/.test(text) ? text : `'${printable(text).replaceAll("'", `'\\''`)}'`
}
