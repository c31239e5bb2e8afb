import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { shellPath } from '../../src/checks/shell-word.ts'
import type { Comparison } from '../../src/compare/comparison.ts'
import type { Sensitivity } from '../../src/compare/sensitivity/sensitivity.ts'
import { chartFolder, installDrawing, isChart } from '../../src/report/charts/files.ts'
import type { Files } from '../files/written-together.ts'
import { print } from '../process/output.ts'
import { outputWidth } from '../process/output-width.ts'
import { canDrawHere } from './drawn.ts'
import { type PreparedFiles, withCharts } from './prepared-files.ts'
import { reportFile } from './report-folder.ts'

/** The options for the format of a report on standard output. `json` takes precedence over `format`. */
export interface FormatOptions {
  readonly format: 'terminal' | 'md' | 'json'
  readonly json?: boolean
}

/** Returns the format that the options choose. */
export function chosenFormat({ format, json = false }: FormatOptions): FormatOptions['format'] {
  return json ? 'json' : format
}

/** What a report is made of: a comparison, and what its conclusions rest on, if that is known. */
export interface ReportContent {
  readonly comparison: Comparison
  readonly sensitivity?: Sensitivity | undefined
}

/** The sources run in a checkout, which has npm scripts. The published package has only JavaScript. */
export const isCheckout = import.meta.url.endsWith('.ts')

/** Prints a report on standard output. */
export async function showReport(content: ReportContent, options: FormatOptions): Promise<void> {
  const renderers = { terminal: terminalReport, md: markdownReport, json: jsonReport }
  print(await renderers[chosenFormat(options)](content))
}

/** Returns all files of a report for its folder. They are Markdown and JSON alone when the charts cannot be drawn. */
export async function reportFiles(content: ReportContent, folder: string): Promise<PreparedFiles> {
  return withCharts(
    {
      files: {
        ...(await withoutCharts(folder)),
        [reportFile]: await markdownReport(content),
        'report.json': await jsonReport(content),
      },
      note: `Report: ${join(folder, reportFile)}`,
    },
    () => chartsOf(content.comparison),
    'The report is complete but for them.',
    `The report has no charts. To get them: ${installDrawing} && npx ratelab report ${shellPath(folder)}`,
  )
}

/** Removes the charts of an earlier report, which may have had other cases, from a folder. Those that are drawn again are put in their place. */
async function withoutCharts(folder: string): Promise<Files> {
  const names = await readdir(join(folder, chartFolder)).catch(() => [])
  return Object.fromEntries(names.filter(isChart).map((name) => [`${chartFolder}/${name}`, null]))
}

async function chartsOf(comparison: Comparison): Promise<Files> {
  const { charts } = await import('../../src/report/charts/png.ts')
  return charts(comparison)
}

async function terminalReport({ comparison, sensitivity }: ReportContent): Promise<string> {
  const { terminal } = await import('../../src/report/terminal/terminal.ts')
  const { stdout, env } = process
  const colour = stdout.isTTY && !env.NO_COLOR && env.TERM !== 'dumb'
  return terminal(comparison, { width: outputWidth(stdout), colour }, sensitivity)
}

async function markdownReport({ comparison, sensitivity }: ReportContent): Promise<string> {
  const { markdown } = await import('../../src/report/markdown/markdown.ts')
  const runCommand = isCheckout ? 'npm run scenario' : 'npx ratelab run'
  return markdown(comparison, { runCommand, hasCharts: await canDrawHere() }, sensitivity)
}

async function jsonReport({ comparison, sensitivity }: ReportContent): Promise<string> {
  const { json } = await import('../../src/report/json.ts')
  return json(comparison, sensitivity)
}
