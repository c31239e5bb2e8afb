import type { Command } from 'commander'
import { defaultSeeds } from '../../lab/study-options.ts'
import { collect, strategyList, wholeNumber } from '../flags/option-values.ts'
import { addFormatOptions } from '../report/format-options.ts'

const mostSeeds = 10_000
/** The greatest first seed for which the last of `mostSeeds` seeds is still an exact whole number. */
const greatestFirstSeed = Number.MAX_SAFE_INTEGER - (mostSeeds - 1)

/** Adds `ratelab run`. */
export function addRun(ratelab: Command): void {
  const run = ratelab
    .command('run')
    .description('Run a scenario in virtual time and compare its strategies.')
    .argument('<scenario>', 'a name from `ratelab list`, or the path of a scenario file (.ts or .js)')
    .option(
      '--strategies <a,b,…>',
      'the strategies that run: names, names with options such as retry-full:attempts=5,base=500, and paths of plug-ins (default: those that the scenario names)',
      strategyList,
    )
    .option(
      '--seeds <n>',
      'the number of seeds; each seed is one replication',
      wholeNumber('--seeds', 1, mostSeeds),
      defaultSeeds.length,
    )
    .option(
      '--seed <s>',
      'the first seed; the others are the numbers that follow it',
      wholeNumber('--seed', 0, greatestFirstSeed),
      defaultSeeds[0],
    )
    .option('--profile <name>', 'the profile, which gives limits and prices: article, intl, cn-beijing')
    .option('--set <key=value>', 'change a switch of the provider or a number of the cases (repeatable)', collect, [])
    .option(
      '--trace <file.csv>',
      'a file of recorded calls with the columns TIMESTAMP,ContextTokens,GeneratedTokens, for a scenario that replays them',
    )
    .option('--out <dir>', 'the folder for reports; each scenario has its own folder in it', 'reports')
  addFormatOptions(run)
    .addHelpText(
      'after',
      `
Writes report.md, report.json and charts to <dir>/<scenario>/, or to <dir>/<scenario>-custom/ when options change the study.
Also writes the figures of every run to cells.jsonl: \`ratelab report <folder>\` makes the report from them again without running.
The same seeds give the same bytes. \`ratelab list --settings\` shows every key of --set.`,
    )
    .action(async (name, options) => (await import('./command.ts')).runCommand(name, options))
}
