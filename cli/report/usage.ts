import type { Command } from 'commander'
import { addFormatOptions } from './format-options.ts'

/** Adds `ratelab report`. */
export function addReport(ratelab: Command): void {
  const report = ratelab
    .command('report')
    .description('Make a report again from the cells that a run left, without running.')
    .argument('<folder>', 'a folder that `ratelab run` wrote, such as reports/burst')
  addFormatOptions(report)
    .addHelpText(
      'after',
      `
Reads <folder>/cells.jsonl and writes report.md, report.json and charts beside it: byte for byte what \`ratelab run\` wrote.
cells.jsonl has a line for each case, strategy and seed; docs/cells.md says what is in it.

Examples:
  ratelab run steady --seeds 5                        runs, and leaves reports/steady-custom/cells.jsonl
  ratelab report reports/steady-custom                shows the same report at once
  ratelab report reports/steady-custom --format md    the Markdown on standard output`,
    )
    .action(async (folder, options) => (await import('./command.ts')).reportCommand(folder, options))
}
