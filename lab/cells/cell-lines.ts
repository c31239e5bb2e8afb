import type { RawResult } from '../../src/compare/raw-result.ts'
import { harmlessJson } from '../../src/core/printable.ts'

/** The name and version of the format, which `cells.schema.json` describes. The format stays the same as long as the number does. */
export const cellsFormat = 'ratelab.cells/2'

/** The name of the file, which is in the folder of the report. */
export const cellsFile = 'cells.jsonl'

/**
 * Yields a raw result as lines of JSON, each with its line feed. The first line describes the study; each other line is a cell. The
 * same result gives the same bytes.
 */
export function* cellLines({ study, cells }: RawResult): Generator<string> {
  yield jsonLine({ schema: cellsFormat, ...study })
  for (const cell of cells) yield jsonLine(cell)
}

/** Returns a value as a line of JSON with its line feed. Infinity and NaN are written as texts. */
export function jsonLine(value: object): string {
  return `${harmlessJson(value, nonFiniteAsText)}\n`
}

/** JSON has no NaN and no infinity, so these numbers are written as texts. */
export function nonFiniteAsText(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}
