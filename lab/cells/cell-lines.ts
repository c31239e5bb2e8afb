import type { RawResult } from '../../src/compare/raw-result.ts'

/** What `cells.schema.json` describes. A reader may rely on it until the number changes. */
export const cellsFormat = 'ratelab.cells/1'

/** The name of the file beside a report. */
export const cellsFile = 'cells.jsonl'

/** A raw result as lines of JSON: what the study asked, then its cells. The same result gives the same bytes. */
export function* cellLines({ study, cells }: RawResult): Generator<string> {
  yield line({ schema: cellsFormat, ...study })
  for (const cell of cells) yield line(cell)
}

function line(value: object): string {
  return `${JSON.stringify(value, withAllNumbers)}\n`
}

/** JSON knows neither NaN nor infinity: they stand as texts. */
function withAllNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}
