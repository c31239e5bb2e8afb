/** How a text is drawn: its size in CSS pixels, and its weight. Default: weight 400. */
export interface TextStyle {
  readonly size: number
  readonly weight?: 400 | 600
}

/** Returns the width of a text in CSS pixels. */
export type Measure = (text: string, style: TextStyle) => number

/** The font, as its package has it: a file for each script and weight. */
export const fontScripts = [
  'latin',
  'latin-ext',
  'cyrillic',
  'cyrillic-ext',
  'greek',
  'greek-ext',
  'vietnamese',
] as const

/** The name of the font of a script. */
export function fontName(script: (typeof fontScripts)[number]): string {
  return script === 'latin' ? 'Inter' : `Inter ${script}`
}

/** The names of all fonts, in the order in which a character is looked for. The machine's own fonts come after them. */
export const fontFamily = fontScripts.map((script) => `"${fontName(script)}"`).join(', ')

/** The style as a canvas reads it. */
export function fontOf({ size, weight = 400 }: TextStyle): string {
  return `${weight} ${size}px ${fontFamily}`
}
