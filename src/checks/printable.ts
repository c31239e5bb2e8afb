/** Returns a stranger's text with `?` in place of each control character, because these could change what a terminal shows. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?')
}
