import type { Command } from 'commander'
import { sensitivitySeeds } from '../../lab/sensitivity-seeds.ts'
import { commaList } from '../flags/option-values.ts'
import { addStudyFlags } from '../flags/study-flags.ts'
import { fittingHelp } from '../process/help-text.ts'
import { addFormatOptions } from '../report/format-options.ts'

/** Adds `ratelab sensitivity`. */
export function addSensitivity(ratelab: Command): void {
  const sensitivity = ratelab
    .command('sensitivity')
    .description(
      'Run a scenario under every other value of each switch of the provider: which conclusions rest on an assumption?',
    )
  addStudyFlags(sensitivity, sensitivitySeeds).option(
    '--switches <a,b,…>',
    'only the other values of these switches, such as rejectsCount,window (default: all that can change something)',
    commaList,
  )
  addFormatOptions(sensitivity)
    .addHelpText(
      'after',
      fittingHelp(`
Nobody outside Alibaba knows, for example, whether a rejected attempt counts against the limits. The simulator assumes a value for each
such switch (\`ratelab list --settings\`). This command changes one switch at a time, runs the scenario again on the same seeds, and
compares what can be concluded: who comes closest to the optimum, how many calls each strategy answers, which of two neighbours in the ranking does better.

  flips      the opposite is told: the conclusion rests on the value that was assumed
  weakens    neither the conclusion nor its opposite can be told
Whatever neither flips nor weakens holds under every value that was tried. docs/sensitivity.md tells when exactly.

Writes sensitivity.md, sensitivity.json and sensitivity.png to <dir>/<scenario>/, or to <dir>/<scenario>-custom/ when options change the
study or choose switches. If a report of the same study is there, \`ratelab report <folder>\` adds to it what its conclusions rest on.

Examples:
  ratelab sensitivity steady                                    all switches, some 30 studies
  ratelab sensitivity steady --switches rejectsCount,window     only these two
  ratelab sensitivity burst --seeds 20 --strategies queue,none  fewer strategies, more seeds
  ratelab sensitivity steady --set window=fixed                 what holds if windows are fixed
  ratelab run steady --sensitivity                              the report, with what it rests on

Exit codes: 0 done · 2 wrong input · 3 a file could not be written · 130 interrupted`),
    )
    .action(async (name, options) => (await import('./command.ts')).sensitivityCommand(name, options))
}
