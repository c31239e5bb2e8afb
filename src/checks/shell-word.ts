import { printable } from '../core/printable.ts'

/** Returns a text as one word of a shell's command: in quotes when it has signs that a shell would take for its own. */
export function shellWord(text: string): string {
  if (/^[\w./:@%+-][\w./:=,@%+-]*$/.test(text)) return text
  return printable(text) === text ? `'${text.replaceAll("'", `'\\''`)}'` : `$'${escapedBytes(text)}'`
}

/** Returns a text for `$'…'`, in which bash, zsh and POSIX of 2024 read `\033` as a byte. A reader can copy it, unlike the character itself. */
function escapedBytes(text: string): string {
  return Array.from(text, (character) => {
    if (/^[\\']$/.test(character)) return `\\${character}`
    if (printable(character) === character) return character
    return Array.from(new TextEncoder().encode(character), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
  }).join('')
}

/**
 * Returns the path of a file as one word of a shell's command. A path that begins with a hyphen begins with `./` there, so that no command takes it
 * for an option.
 */
export function shellPath(path: string): string {
  return shellWord(path.startsWith('-') ? `./${path}` : path)
}
