/** The background of every chart. */
export const paper = '#FFFFFF'

/** The colours of texts, lines and marks. On `paper`, each that a text has reaches a contrast of 4.5:1, and every other one 3:1 (WCAG 2.2). */
export const ink = {
  text: '#1F2933',
  quiet: '#52606D',
  grid: '#89939E',
  best: '#0068A5',
  other: '#616E7C',
  limit: '#A84300',
  denied: '#C62828',
  better: '#00704F',
}

/** The colours of curves. Each curve has its name at its end as well, for people who cannot tell the colours apart. */
export const curveColours = ['#0072B2', '#C44E00', '#00734D', '#B8508A', '#8A6D00', '#4B2E83', '#5A5A5A'] as const

/** The style of a curve. Curves differ in colour first, then in dashes and in the mark at their end. */
export interface CurveStyle {
  readonly colour: string
  /** Lengths of dashes and gaps; empty for a solid line. */
  readonly dash: readonly number[]
  readonly mark: 'circle' | 'rect' | 'triangle' | 'crossRot' | 'rectRot' | 'star'
}

const strokes: readonly Omit<CurveStyle, 'colour'>[] = [
  { dash: [], mark: 'circle' },
  { dash: [7, 4], mark: 'rect' },
  { dash: [9, 3, 2, 3], mark: 'triangle' },
  { dash: [2, 3], mark: 'crossRot' },
  { dash: [14, 3], mark: 'star' },
]

/** The number of curves that differ in style. */
export const curveStyles = curveColours.length * strokes.length

/** The style of the `i`th curve. Each colour comes with a solid line first, then with the other kinds of line. */
export function curveStyle(i: number): CurveStyle {
  const stroke = strokes[Math.floor(i / curveColours.length) % strokes.length]!
  return { colour: curveColours[i % curveColours.length]!, ...stroke }
}

/** The style of what is reachable. No strategy has it. */
export const reachableStyle: CurveStyle = { colour: ink.text, dash: [1, 2], mark: 'rectRot' }
