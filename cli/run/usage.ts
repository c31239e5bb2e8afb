import type { Command } from 'commander'
import { defaultSeeds } from '../../lab/study-options.ts'
import { installDrawing } from '../../src/report/charts/files.ts'
import { collect, strategyList, wholeNumber } from '../flags/option-values.ts'
import { fittingHelp } from '../process/help-text.ts'
import { addFormatOptions } from '../report/format-options.ts'
import { addCheckOptions } from './check-options.ts'
import { shardOption } from './shard-choice.ts'

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
    .option('--out <dir>', 'the folder for reports; each scenario has its own folder in it', 'reports')
    .option(
      '--shard <i/n>',
      'run only part i of n, and write only its cells (default: the whole study, or the part that a job array’s environment names)',
      shardOption,
    )
    .option('--fresh', 'run all again, even if an earlier run of the same study was killed and left cells')
  addCheckOptions(addFormatOptions(run))
    .addHelpText(
      'after',
      fittingHelp(`
Writes report.md, report.json and charts to <dir>/<scenario>/, to <dir>/<scenario>-custom/ when options change the study, or to
<dir>/<scenario>-example/ when the scenario replays its own example.
Charts are left out when the packages that draw them are not installed: ${installDrawing}
Also writes the figures of every run to cells.jsonl: \`ratelab report <folder>\` makes the report from them again without running.
The same seeds give the same bytes. \`ratelab list --settings\` shows every key of --set.

A run that is killed leaves the cells that it has computed in cells.partial.jsonl; the same command goes on from them.

Shards: --shard 2/3 runs a third of the study and writes <folder>/cells-2-of-3.jsonl and no report. \`ratelab merge <folder>\` joins
the files of all shards to the report that one run would write, and judges thresholds. Without --shard the environment of a job array is read:
  JOB_COMPLETION_INDEX                            Kubernetes Indexed Job; set RATELAB_SHARDS to its \`completions\`
  AWS_BATCH_JOB_ARRAY_INDEX, …_ARRAY_SIZE         AWS Batch array job
  SLURM_ARRAY_TASK_ID, …_COUNT, …_MIN, …_MAX      Slurm job array
  CI_NODE_INDEX, CI_NODE_TOTAL                    GitLab \`parallel\`
--shard 1/1 runs the whole study there too.`),
    )
    .action(async (name, options) => (await import('./command.ts')).runCommand(name, options))
}
