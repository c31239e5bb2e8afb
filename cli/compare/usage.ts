import type { Command } from 'commander'
import { collect, commaList } from '../flags/option-values.ts'
import { fittingHelp } from '../process/help-text.ts'
import { addFormatOptions } from '../report/format-options.ts'
import { addCheckFileOptions } from '../report/threshold-options.ts'

/** Adds `ratelab compare`. */
export function addCompare(ratelab: Command): void {
  const compare = ratelab
    .command('compare')
    .description(
      'Compare the results of earlier runs, or two strategies of one: what became better, what became worse.',
    )
    .argument(
      '<results...>',
      'folders that `ratelab run` wrote, or their cells.jsonl; folder:strategy chooses one strategy',
    )
    .option(
      '--strategies <a,b,…>',
      'with one result: the strategy to compare the others with, and the others; with several: only these strategies',
      commaList,
    )
    .option('--metrics <a,b,…>', 'only these metrics, such as success,p95,attempts (default: all)', commaList)
  addRegressionOptions(compare)
    .option('--all', 'in the terminal, also show what is not distinguishable')
    .option(
      '--chart <file>',
      'draw what can be told from chance as a PNG: each difference in percent, with its interval',
    )
  addCheckFileOptions(addFormatOptions(compare))
    .addHelpText(
      'after',
      fittingHelp(`
Compares every result with the first one: cases by name, strategies by id, seeds by number. Where seeds are common, differences are
taken seed by seed, which finds more. docs/compare.md tells how a conclusion is reached, and what a gate in CI looks like.

Examples:
  ratelab compare reports/burst reports/burst-custom              all that both runs have
  ratelab compare reports/burst --strategies queue,retry-pace     retry-pace against queue, in one run
  ratelab compare old:retry-pace new:queue                        a strategy of one run against one of another
  ratelab compare old new --metrics success,p95 --gate            exit code 4 when one of them became worse
  ratelab compare old new --format md                             a comment for a pull request

Exit codes: 0 done · 2 wrong input · 3 a file could not be written · 4 something became worse or failed, with --gate`),
    )
    .action(async (paths, options) => (await import('./command.ts')).compareCommand(paths, options))
}

/** Adds the options that say from when on a difference counts. */
export function addRegressionOptions(command: Command): Command {
  return command
    .option(
      '--least <difference>',
      'the least relevant difference: a share of the larger figure, or one of a metric, such as p95=500ms (repeatable; default: 1%)',
      collect,
      [],
    )
    .option('--gate', 'end with exit code 4 when something relevant became worse, or a strategy failed')
}
