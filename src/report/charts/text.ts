import { maximum } from '../../core/extremes.ts'
import type { Measure, TextStyle } from './font.ts'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Returns the text, or its beginning and its end around `…` so that it fits into a width. Names often differ only at their end. */
export function fitted(text: string, width: number, style: TextStyle, measure: Measure): string {
  if (measure(text, style) <= width) return text
  const letters = Array.from(graphemes.segment(text), ({ segment }) => segment)
  const kept = (count: number) =>
    `${letters.slice(0, Math.ceil(count / 2)).join('')}…${letters.slice(letters.length - Math.floor(count / 2)).join('')}`
  let [fits, fails] = [0, letters.length]
  while (fails - fits > 1) {
    const middle = (fits + fails) >> 1
    if (measure(kept(middle), style) <= width) fits = middle
    else fails = middle
  }
  return kept(fits)
}

/** Returns the text in lines of a width, at most so many. The last line is shortened when there is more. */
export function wrapped(text: string, width: number, mostLines: number, style: TextStyle, measure: Measure): string[] {
  const lines: string[] = []
  const words = text.split(/\s+/).filter((word) => word !== '')
  while (words.length > 0) {
    if (lines.length === mostLines - 1) return [...lines, fitted(words.join(' '), width, style, measure)]
    let count = 1
    while (count < words.length && measure(words.slice(0, count + 1).join(' '), style) <= width) count++
    const line = words.splice(0, count).join(' ')
    if (measure(line, style) <= width) lines.push(line)
    else {
      const [first, rest] = broken(line, width, style, measure)
      lines.push(first)
      if (rest !== '') words.unshift(rest)
    }
  }
  return lines
}

/** Breaks a word that is wider than a line, as a sentence in Chinese is: what fits on the line, and the rest. */
function broken(word: string, width: number, style: TextStyle, measure: Measure): [string, string] {
  const letters = Array.from(graphemes.segment(word), ({ segment }) => segment)
  let count = 1
  while (count < letters.length && measure(letters.slice(0, count + 1).join(''), style) <= width) count++
  return [letters.slice(0, count).join(''), letters.slice(count).join('')]
}

/** The width of the widest of several texts in whole CSS pixels, at most `most`. */
export function widest(texts: readonly string[], most: number, style: TextStyle, measure: Measure): number {
  const widths = texts.map((text) => measure(text, style))
  return Math.ceil(Math.min(most, maximum(widths, 0)))
}
