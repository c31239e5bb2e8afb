import type { Command } from 'commander'
import { fittingHelp } from '../process/help-text.ts'
import { addFormatOptions } from '../report/format-options.ts'
import { addCheckOptions } from '../run/check-options.ts'

/** Adds `ratelab merge`. */
export function addMerge(ratelab: Command): void {
  const merge = ratelab
    .command('merge')
    .description('Join the shards of a study, and write the report that one run would write.')
    .argument('<paths...>', 'files that `ratelab run --shard i/n` wrote, or folders with such files at any depth')
    .option('--out <dir>', 'the folder for reports; each scenario has its own folder in it', 'reports')
  addCheckOptions(addFormatOptions(merge))
    .addHelpText(
      'after',
      fittingHelp(`
Writes cells.jsonl, report.md, report.json and charts to <dir>/<scenario>/, or to <dir>/<scenario>-custom/, with the very bytes that
\`ratelab run\` without --shard writes. Every shard must be there once, whole and unchanged, of the same study and of the same commit of
ratelab. If not, merge says which one is wrong or missing and what to run, and writes nothing.

The thresholds of the scenario travel with its shards. They, --threshold and --compare-to are judged as \`ratelab run\` judges them.

Examples:
  ratelab run steady --shard 1/2 --out shards         runs one half and writes shards/steady/cells-1-of-2.jsonl
  ratelab run steady --shard 2/2 --out shards         runs the other half, perhaps on another machine
  ratelab merge shards                                prints the report and writes reports/steady/
  ratelab merge shards --threshold 'success>=0.99'    does so, and ends with exit code 4 when the bound is crossed`),
    )
    .action(async (paths, options) => (await import('./command.ts')).mergeCommand(paths, options))
}
