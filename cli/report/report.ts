import { join } from 'node:path'
import type { Comparison } from '../../src/compare/comparison.ts'
import { installDrawing } from '../../src/report/charts/files.ts'
import { outputWidth } from '../process/output-width.ts'
import { canDrawHere, withPackages } from './drawn.ts'
import { type Files, type ReportFolder, reportFile } from './report-folder.ts'

/** The options for the format of a report on standard output. `json` takes precedence over `format`. */
export interface FormatOptions {
  readonly format: 'terminal' | 'md' | 'json'
  readonly json?: boolean
}

/** Returns the format that the options choose. */
export function chosenFormat({ format, json = false }: FormatOptions): FormatOptions['format'] {
  return json ? 'json' : format
}

/** Prints a comparison on standard output. */
export async function showReport(comparison: Comparison, options: FormatOptions): Promise<void> {
  const renderers = { terminal: terminalReport, md: markdownReport, json: jsonReport }
  process.stdout.write(await renderers[chosenFormat(options)](comparison))
}

/** Writes all files of a report: Markdown and JSON first, so that they are there even if a chart fails, then the charts. */
export async function writeReport(comparison: Comparison, folder: ReportFolder): Promise<void> {
  await folder.write({
    [reportFile]: await markdownReport(comparison),
    'report.json': await jsonReport(comparison),
  })
  console.error(`Report: ${join(folder.path, reportFile)}`)
  if (await canDrawHere()) return folder.write(await drawn(comparison))
  console.error(`The report has no charts. To get them: ${installDrawing} && npx ratelab report ${folder.path}`)
}

async function drawn(comparison: Comparison): Promise<Files> {
  const { charts } = await import('../../src/report/charts/png.ts')
  return withPackages('The report is complete but for them.', () => charts(comparison))
}

async function terminalReport(comparison: Comparison): Promise<string> {
  const { terminal } = await import('../../src/report/terminal/terminal.ts')
  const { stdout, env } = process
  const colour = stdout.isTTY && !env.NO_COLOR && env.TERM !== 'dumb'
  return terminal(comparison, { width: outputWidth(stdout), colour })
}

async function markdownReport(comparison: Comparison): Promise<string> {
  const { markdown } = await import('../../src/report/markdown/markdown.ts')
  // The sources run in a checkout, which has npm scripts. The published package has only JavaScript.
  const runCommand = import.meta.url.endsWith('.ts') ? 'npm run scenario' : 'npx ratelab run'
  return markdown(comparison, { runCommand, hasCharts: await canDrawHere() })
}

async function jsonReport(comparison: Comparison): Promise<string> {
  const { json } = await import('../../src/report/json.ts')
  return json(comparison)
}
