import type { Command } from 'commander'
import { wholeNumber } from '../flags/option-values.ts'
import { fittingHelp } from '../process/help-text.ts'

/** Adds `ratelab k6`. */
export function addK6(ratelab: Command): void {
  ratelab
    .command('k6')
    .description(
      'Start a mock and run a k6 script against it: a strategy of the catalogue inside k6, or a load test with thresholds.',
    )
    .argument('<script>', 'burst (calls at once, sent by a strategy) or steady (a load test without a strategy)')
    .option('--strategy <name>', 'for burst: the strategy that sends the calls (ratelab list shows all)', 'retry-pace')
    .option('--calls <n>', 'for burst: the number of calls at once', wholeNumber('--calls', 1, 100_000), 300)
    .option('--speed <n>', 'the speed of time, as a multiple of real time', wholeNumber('--speed', 1, 1000), 20)
    .option('--profile <name>', 'the profile, which gives limits and spellings: article, intl, cn-beijing', 'article')
    .option('--out <dir>', 'for burst: the folder for reports', 'reports')
    .addHelpText(
      'after',
      fittingHelp(
        '\nburst ends in a report of ratelab, with cells, in <dir>/k6-burst-wire/. k6 must be on the search path, or its path in RATELAB_K6. The exit code is k6’s: 99 when a threshold is crossed.',
      ),
    )
    .action(async (script, options) => (await import('./command.ts')).k6Command(script, options))
}
