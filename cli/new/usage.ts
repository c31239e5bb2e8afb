import { Argument, type Command } from 'commander'
import { fittingHelp } from '../process/help-text.ts'

/** Adds `ratelab new`. */
export function addNew(ratelab: Command): void {
  ratelab
    .command('new')
    .description('Write a strategy, a scenario or a profile of your own to begin with, and its test.')
    .addArgument(new Argument('<kind>', 'what to write').choices(['strategy', 'scenario', 'profile']))
    .argument(
      '[path]',
      'the path of the new file, which ends with .ts or .mts (default: my-strategy.ts, my-scenario.ts or my-profile.ts)',
    )
    .addHelpText(
      'after',
      fittingHelp(`
Writes two files: the one that is named, and beside it a test for vitest, whose name ends with .test.ts. Never overwrites a file.

Examples:
  ratelab new strategy                                writes my-strategy.ts and my-strategy.test.ts
  ratelab new scenario load/night-job.ts              writes load/night-job.ts and load/night-job.test.ts
  ratelab new profile                                 writes my-profile.ts and my-profile.test.ts`),
    )
    .action(async (kind, path) => (await import('./command.ts')).newCommand(kind, path))
}
