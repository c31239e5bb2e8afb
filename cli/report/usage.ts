import type { Command } from 'commander'
import { fittingHelp } from '../process/help-text.ts'
import { addFormatOptions } from './format-options.ts'
import { addThresholdOptions } from './threshold-options.ts'

/** Adds `ratelab report`. */
export function addReport(ratelab: Command): void {
  const report = ratelab
    .command('report')
    .description('Write the report of an earlier run again from its cells, without running the scenario.')
    .argument('<folder>', 'a folder that `ratelab run` wrote, such as reports/burst')
  addThresholdOptions(addFormatOptions(report))
    .addHelpText(
      'after',
      fittingHelp(`
Reads <folder>/cells.jsonl and writes report.md, report.json and charts beside it, with the same bytes that \`ratelab run\` writes here.
cells.jsonl has a line for each case, strategy and seed; docs/cells.md describes its fields.

Examples:
  ratelab run steady --seeds 5                        runs the scenario and writes reports/steady-custom/cells.jsonl
  ratelab report reports/steady-custom                prints and writes the same report without running
  ratelab report reports/steady-custom --format md    prints the report in Markdown`),
    )
    .action(async (folder, options) => (await import('./command.ts')).reportCommand(folder, options))
}
