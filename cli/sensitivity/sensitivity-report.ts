import { join } from 'node:path'
import { sensitivityFile } from '../../lab/read-sensitivity.ts'
import type { Sensitivity } from '../../src/compare/sensitivity/sensitivity.ts'
import { installDrawing, sensitivityChartFile } from '../../src/report/charts/files.ts'
import { jsonSensitivity } from '../../src/report/sensitivity/json-sensitivity.ts'
import { markdownSensitivity } from '../../src/report/sensitivity/markdown-sensitivity.ts'
import { terminalSensitivity } from '../../src/report/sensitivity/terminal-sensitivity.ts'
import { print } from '../process/output.ts'
import { outputWidth } from '../process/output-width.ts'
import { canDrawHere } from '../report/drawn.ts'
import { type PreparedFiles, withCharts } from '../report/prepared-files.ts'
import { chosenFormat, type FormatOptions, isCheckout } from '../report/report.ts'

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

/** Returns all files of a sensitivity for its folder. They are Markdown and JSON alone when the chart cannot be drawn. */
export async function sensitivityFiles(sensitivity: Sensitivity, folder: string): Promise<PreparedFiles> {
  return withCharts(
    {
      files: { [markdownFile]: await markdownText(sensitivity), [sensitivityFile]: jsonSensitivity(sensitivity) },
      note: `Sensitivity: ${join(folder, markdownFile)}`,
    },
    async () => {
      const { sensitivityPicture } = await import('../../src/report/charts/png.ts')
      return { [sensitivityChartFile]: await sensitivityPicture(sensitivity) }
    },
    'Everything else is written.',
    `It has no chart. To get it: ${installDrawing}`,
  )
}

async function markdownText(sensitivity: Sensitivity): Promise<string> {
  const sensitivityCommand = isCheckout ? 'npm run sensitivity' : 'npx ratelab sensitivity'
  return markdownSensitivity(sensitivity, { sensitivityCommand, hasCharts: await canDrawHere() })
}
