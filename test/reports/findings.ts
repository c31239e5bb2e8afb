import type { Sensitivity } from '../../src/compare/sensitivity/sensitivity.ts'
import { percent } from '../../src/report/figures/figures.ts'
import { ownSetting, settingText } from '../../src/report/sentences/rests-on.ts'
import { wrap } from '../../src/report/terminal/grid.ts'

// A finding in a document stands between two comments, of which the first names the folder of the report, the case and the strategy:
//
//   <!-- finding steady below-quota article-backoff -->
//   … the text that `findingText` computes …
//   <!-- /finding -->
//
// A table of all cases together stands between two others, of which the first names the folder:
//
//   <!-- overview field -->
//   … the table of `report.md` …
//   <!-- /overview -->
//
// So a document cannot say of a strategy what its committed report and its committed sensitivity do not.

/** What the text of a finding is computed from: the files of the folder of a report. */
export interface FindingSource {
  /** The content of `report.json`. */
  readonly report: ReportFigures
  /** The content of `sensitivity.json`. Absent when there is none. */
  readonly sensitivity?: Sensitivity | undefined
}

/** The figures of `report.json` that findings state. */
export interface ReportFigures {
  readonly cases: readonly {
    readonly name: string
    readonly title: string
    readonly strategies: readonly {
      readonly id: string
      readonly metrics: { readonly success: { readonly value: number } }
    }[]
  }[]
}

/** The number of columns of a line of a document. */
const lineWidth = 150

const marked = /<!-- finding (\S+) (\S+) (\S+) -->\n[\s\S]*?<!-- \/finding -->/g

/** The findings that a document marks. */
export function findingsIn(
  text: string,
): { readonly folder: string; readonly case: string; readonly strategy: string }[] {
  return [...text.matchAll(marked)].map(([, folder = '', name = '', strategy = '']) => ({
    folder,
    case: name,
    strategy,
  }))
}

/** Returns the document with the text of every finding computed again. `sourceOf` returns the files of a report's folder. */
export function withFindings(text: string, sourceOf: (folder: string) => FindingSource): string {
  return text.replace(marked, (_, folder: string, name: string, strategy: string) => {
    const lines = wrap(findingText(sourceOf(folder), folder, name, strategy), lineWidth)
    return `<!-- finding ${folder} ${name} ${strategy} -->\n${lines.join('\n')}\n<!-- /finding -->`
  })
}

const overview = /<!-- overview (\S+) -->\n[\s\S]*?<!-- \/overview -->/g

/** Returns the document with every table of all cases taken again from the report, whose `report.md` `reportOf` returns. */
export function withOverviews(text: string, reportOf: (folder: string) => string): string {
  return text.replace(overview, (_, folder: string) => {
    const table = /\n## All cases together\n[^|]*\n((?:\|.*\n)+)/.exec(reportOf(folder))?.[1]
    if (!table) throw new Error(`Expected reports/${folder}/report.md to have a table of all cases together`)
    return `<!-- overview ${folder} -->\n\n${aligned(table)}\n<!-- /overview -->`
  })
}

/** Pads the cells of a table as the formatter of documents does. The first column is aligned left, the others right. */
function aligned(table: string): string {
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.split('|').slice(1, -1))
  const cells = rows.map((row) => row.map((cell) => cell.trim()))
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |\n`
  const [heading, , ...body] = cells.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))),
  )
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [heading!, rule, ...body].map(line).join('')
}

/** What a strategy answers in a case, which assumption that rests on, and the value of the switch that turns it round. */
export function findingText(
  { report, sensitivity }: FindingSource,
  folder: string,
  name: string,
  strategy: string,
): string {
  const chosen = report.cases.find((each) => each.name === name)
  const row = chosen?.strategies.find(({ id }) => id === strategy)
  if (!chosen || !row)
    throw new Error(`Expected reports/${folder} to have the strategy ${strategy} in the case ${name}`)
  const answered = `${chosen.title}: \`${strategy}\` answers ${percent(row.metrics.success.value)} of the calls.`
  return [answered, ...(sensitivity ? restsOn(sensitivity, name, strategy) : [])].join(' ')
}

function restsOn(sensitivity: Sensitivity, name: string, strategy: string): string[] {
  const { alternatives } = sensitivity
  const flips = alternatives.flatMap((alternative) =>
    alternative.changes
      .filter(({ kind, outcome }) => kind === 'answers' && outcome === 'flips')
      .filter((change) => change.case === name && change.strategies[0] === strategy)
      .map(({ under }) => ({ alternative, share: under[0]! })),
  )
  if (flips.length === 0) return [`None of ${alternatives.length} other values of switches turns that round.`]
  return flips.map(
    ({ alternative, share }) =>
      `This rests on \`${ownSetting(sensitivity, alternative)}\`: under \`${settingText(alternative)}\` it answers ${percent(share)}.`,
  )
}

/** The switches that turn a finding round, of the findings that a document takes from one folder. */
export function switchesBehind(text: string, folder: string, { alternatives }: Sensitivity): string[] {
  const own = findingsIn(text).filter((each) => each.folder === folder)
  const behind = alternatives.filter(({ changes }) =>
    changes.some(
      ({ kind, outcome, strategies, case: name }) =>
        kind === 'answers' &&
        outcome === 'flips' &&
        own.some((each) => each.case === name && each.strategy === strategies[0]),
    ),
  )
  return [...new Set(behind.map((each) => each.switch))]
}
