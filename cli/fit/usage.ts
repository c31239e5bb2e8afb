import { type Command, Option } from 'commander'
import { wholeNumber } from '../flags/option-values.ts'
import { fittingHelp } from '../process/help-text.ts'

/** Adds `ratelab fit`. */
export function addFit(ratelab: Command): void {
  ratelab
    .command('fit')
    .description('Fit the arrivals and the lengths of recorded calls, for a case of a scenario.')
    .argument('<trace>', 'a file of recorded calls, in CSV or JSON Lines (docs/traces.md has the formats)')
    .option(
      '--from <t>',
      'fit the trace from this instant on: a duration since its start, such as 90m, or an instant as the file spells it',
    )
    .option('--to <t>', 'fit it up to this instant, and without a row at it')
    .option(
      '--every <n>',
      'fit one of every n rows, the first; lengths stay what they are, but arrivals are those of the sample',
      wholeNumber('--every', 1, Number.MAX_SAFE_INTEGER),
    )
    .option(
      '--columns <k=c,…>',
      'the columns of the trace, and the unit of its times: arrival=time,prompt=in,output=out,unit=ms (default: those of its format)',
    )
    .addOption(
      new Option('--format <format>', 'text for people, or JSON').choices(['terminal', 'json']).default('terminal'),
    )
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      fittingHelp(`
Prints the figures of the trace, and an object with \`arrivals\` and \`lengths\` to paste into a case of a scenario.

Arrivals: cv is the standard deviation of the gaps between calls ÷ their mean; dispersion is the variance of the counts in windows of a
second or a minute ÷ their mean. Both are 1 for a Poisson process. Three laws with these figures are compared: poisson, gamma (gaps
that are more even, or come in clusters) and on-off (times with calls and times without). Each has its distance from the gaps, and
whether chance explains that the counts a minute vary more than its own. The proposed one is the simplest that is hardly farther than
the nearest. A trace with a daily course fits none of them for long: fit a part of it with --from and --to.

Lengths: 21 quantiles (the minimum, each 5th percentile, the maximum) and a log-normal distribution, each with its distance.
A distance is that of Kolmogorov and Smirnov: the greatest difference of two shares of calls up to the same length. 0.02 is close, 0.2 is not.

Up to 2,000,000 rows are kept, with 16 bytes each; of a longer file --from and --to choose a part, or --every a sample.

Examples:
  ratelab fit conv.csv                               a table, and what to paste into a case
  ratelab fit week.csv --from 9h --to 10h            one hour of it
  ratelab fit calls.jsonl --columns arrival=t,prompt=in,output=out,unit=ms
  ratelab fit conv.csv --json | jq .case             only what to paste

Exit codes: 0 done · 2 wrong input`),
    )
    .action(async (path, options) => (await import('./command.ts')).fitCommand(path, options))
}
