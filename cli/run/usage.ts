import type { Command } from 'commander'
import { defaultSeeds } from '../../lab/study-options.ts'
import { collect, commaList, wholeNumber } from '../option-values.ts'
import { addFormatOptions } from '../report/format-options.ts'

const mostSeeds = 10_000
/** Those that follow it are whole numbers, too, and each can be asked for alone. */
const lastSeed = Number.MAX_SAFE_INTEGER - (mostSeeds - 1)

/** Adds `ratelab run`. */
export function addRun(ratelab: Command): void {
  const run = ratelab
    .command('run')
    .description('Run a scenario in virtual time and compare its strategies.')
    .argument('<scenario>', 'a name from `ratelab list`, or the path of a scenario file (.ts or .js)')
    .option('--strategies <a,b,…>', 'only these strategies', commaList)
    .option(
      '--seeds <n>',
      'how many seeds (each is one replication)',
      wholeNumber('--seeds', 1, mostSeeds),
      defaultSeeds.length,
    )
    .option('--seed <s>', 'the first seed; the others follow it', wholeNumber('--seed', 0, lastSeed), defaultSeeds[0])
    .option('--profile <name>', 'the provider’s limits and prices: article, intl, cn-beijing')
    .option('--set <key=value>', 'change a switch of the provider or a number of the cases (repeatable)', collect, [])
    .option('--trace <file.csv>', 'recorded calls: TIMESTAMP,ContextTokens,GeneratedTokens')
    .option('--out <dir>', 'where reports go, one folder a scenario', 'reports')
  addFormatOptions(run)
    .addHelpText(
      'after',
      `
Writes <dir>/<scenario>/report.md, report.json and charts; with anything but the defaults, <dir>/<scenario>-custom/.
Leaves every run's figures in cells.jsonl beside them: \`ratelab report <folder>\` makes the report again without running.
The same seeds give the same bytes. \`ratelab list --settings\` shows every key of --set.`,
    )
    .action(async (name, options) => (await import('./command.ts')).runCommand(name, options))
}
