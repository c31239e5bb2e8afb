/** One character of each kind that a text of a stranger must not bring into an output. The line feed is not among them: it ends lines. */
export const unsafeCharacters = [
  ...'\u0000\u0007\b\t\r\u001b\u007f', // C0 and DEL
  ...'\u0080\u0085\u009b\u009f', // C1
  ...'\u061c\u200e\u200f\u202a\u202e\u2066\u2069', // direction
  ...'\u00ad\u180e\u200b\u200c\u200d\u2060\ufeff\ufff9\u{e0041}', // no width
  ...'\u2028\u2029', // separators
]

/** A text with all of them, and with what terminals, Markdown, HTML, CI systems and shells obey. Its key must not stand in an error. */
export const hostileText = `::error file=x::a${unsafeCharacters.join('z')}##[error]b ##vso[task.c]d %0A::e::\u001b[31m\u001b]0;f\u0007 <img src=x onerror=y> ![g](https://evil.example/h) https://evil.example/i www.evil.example j@evil.example @k #12 \`l\` $(m) 'n' "o" | p \ud800 sk-secret0123456789abcdef`

/** Expects an output to have nothing that a terminal or a CI system obeys, and no key. Returns what is wrong with it. */
export function faultsIn(output: string): string[] {
  const rest = output.replaceAll('\n', '')
  return [
    ...unsafeCharacters.filter((each) => rest.includes(each)).map((each) => `U+${each.codePointAt(0)!.toString(16)}`),
    ...(output.isWellFormed() ? [] : ['half of a surrogate pair']),
    ...(output.match(/^\s*::.*/gm) ?? []),
    ...(output.match(/##\w*\[.*/g) ?? []),
    ...(output.match(/sk-secret0123.*/g) ?? []),
  ]
}
