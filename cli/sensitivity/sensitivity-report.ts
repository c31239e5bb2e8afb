import { join } from 'node:path'
import { sensitivityFile } from '../../lab/read-sensitivity.ts'
import type { Sensitivity } from '../../src/compare/sensitivity/sensitivity.ts'
import { installDrawing, sensitivityChartFile } from '../../src/report/charts/files.ts'
import { jsonSensitivity } from '../../src/report/sensitivity/json-sensitivity.ts'
import { markdownSensitivity } from '../../src/report/sensitivity/markdown-sensitivity.ts'
import { terminalSensitivity } from '../../src/report/sensitivity/terminal-sensitivity.ts'
import { print, tell } from '../process/output.ts'
import { outputWidth } from '../process/output-width.ts'
import { canDrawHere, withPackages } from '../report/drawn.ts'
import { chosenFormat, type FormatOptions, isCheckout } from '../report/report.ts'
import type { ReportFolder } from '../report/report-folder.ts'

const markdownFile = 'sensitivity.md'

/** Prints a sensitivity on standard output. */
export async function showSensitivity(sensitivity: Sensitivity, options: FormatOptions): Promise<void> {
  const renderers = {
    terminal: () => terminalSensitivity(sensitivity, { width: outputWidth(process.stdout) }),
    md: () => markdownText(sensitivity),
    json: () => jsonSensitivity(sensitivity),
  }
  print(await renderers[chosenFormat(options)]())
}

/** Writes all files of a sensitivity: Markdown and JSON first, so that they are there even if the chart fails, then the chart. */
export async function writeSensitivity(sensitivity: Sensitivity, folder: ReportFolder): Promise<void> {
  await folder.write({
    [markdownFile]: await markdownText(sensitivity),
    [sensitivityFile]: jsonSensitivity(sensitivity),
  })
  tell(`Sensitivity: ${join(folder.path, markdownFile)}`)
  if (!(await canDrawHere())) return tell(`It has no chart. To get it: ${installDrawing}`)
  const { sensitivityPicture } = await import('../../src/report/charts/png.ts')
  const picture = await withPackages('Everything else is written.', () => sensitivityPicture(sensitivity))
  await folder.write({ [sensitivityChartFile]: picture })
}

async function markdownText(sensitivity: Sensitivity): Promise<string> {
  const sensitivityCommand = isCheckout ? 'npm run sensitivity' : 'npx ratelab sensitivity'
  return markdownSensitivity(sensitivity, { sensitivityCommand, hasCharts: await canDrawHere() })
}
