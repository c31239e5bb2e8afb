import { join } from 'node:path'
import type { Comparison } from '../../src/compare/comparison.ts'
import { outputWidth } from '../process/output-width.ts'
import { type ReportFolder, reportFile } from './report-folder.ts'

/** The options for the format of a report on standard output. `json` takes precedence over `format`. */
export interface FormatOptions {
  readonly format: 'terminal' | 'md' | 'json'
  readonly json?: boolean
}

/** Prints a comparison on standard output. */
export async function showReport(comparison: Comparison, { format, json = false }: FormatOptions): Promise<void> {
  const renderers = { terminal: terminalReport, md: markdownReport, json: jsonReport }
  process.stdout.write(await renderers[json ? 'json' : format](comparison))
}

/** Writes all files of a report: Markdown, JSON and charts. */
export async function writeReport(comparison: Comparison, folder: ReportFolder): Promise<void> {
  const { charts } = await import('../../src/report/charts/png.ts')
  await folder.write({
    [reportFile]: await markdownReport(comparison),
    'report.json': await jsonReport(comparison),
    ...(await charts(comparison)),
  })
  console.error(`Report: ${join(folder.path, reportFile)}`)
}

async function terminalReport(comparison: Comparison): Promise<string> {
  const { terminal } = await import('../../src/report/terminal/terminal.ts')
  const { stdout, env } = process
  const colour = stdout.isTTY && !env.NO_COLOR && env.TERM !== 'dumb'
  return terminal(comparison, { width: outputWidth(stdout), colour })
}

async function markdownReport(comparison: Comparison): Promise<string> {
  const { markdown } = await import('../../src/report/markdown/markdown.ts')
  return markdown(comparison)
}

async function jsonReport(comparison: Comparison): Promise<string> {
  const { json } = await import('../../src/report/json.ts')
  return json(comparison)
}
