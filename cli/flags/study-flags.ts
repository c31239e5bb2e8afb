import type { Command } from 'commander'
import { collect, strategyList, wholeNumber } from './option-values.ts'

const mostSeeds = 10_000
/** The greatest first seed for which the last of `mostSeeds` seeds is still an exact whole number. */
const greatestFirstSeed = Number.MAX_SAFE_INTEGER - (mostSeeds - 1)

/** Adds the scenario, and the options that choose what a study of it runs. `usualSeeds` are the seeds without options. */
export function addStudyFlags(command: Command, usualSeeds: readonly number[]): Command {
  return command
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
      usualSeeds.length,
    )
    .option(
      '--seed <s>',
      'the first seed; the others are the numbers that follow it',
      wholeNumber('--seed', 0, greatestFirstSeed),
      usualSeeds[0],
    )
    .option(
      '--profile <name or path>',
      'the profile, which gives limits and prices: article, intl, cn-beijing, or the path of your own',
    )
    .option('--set <key=value>', 'change a switch of the provider or a number of the cases (repeatable)', collect, [])
    .option(
      '--trace <file>',
      'a file of recorded calls, in CSV or JSON Lines, for a scenario that replays them (default: the one that the scenario names)',
    )
    .option(
      '--from <t>',
      'replay the trace from this instant on: a duration since its start, such as 90m, or an instant as the file spells it',
    )
    .option('--to <t>', 'replay it up to this instant, and without a row at it')
    .option(
      '--every <n>',
      'replay one of every n rows, the first; the load is then an n-th, too',
      wholeNumber('--every', 1, Number.MAX_SAFE_INTEGER),
    )
    .option(
      '--columns <k=c,…>',
      'the columns of the trace, and the unit of its times: arrival=time,prompt=in,output=out,unit=ms (default: those of its format)',
    )
    .option(
      '--sweep <from..to>',
      'run each case at several loads, such as 20%..300% of its own, and show goodput over load; 20%..300%/15 has 15 loads (default: 8)',
    )
    .option('--out <dir>', 'the folder for reports; each scenario has its own folder in it', 'reports')
}
