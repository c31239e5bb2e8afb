import type { Command } from 'commander'
import { sensitivitySeeds } from '../../lab/sensitivity-seeds.ts'
import { defaultSeeds } from '../../lab/study-options.ts'
import { installDrawing } from '../../src/report/charts/files.ts'
import { addStudyFlags } from '../flags/study-flags.ts'
import { fittingHelp } from '../process/help-text.ts'
import { addFormatOptions } from '../report/format-options.ts'
import { addCheckOptions } from './check-options.ts'
import { shardOption } from './shard-choice.ts'

/** Adds `ratelab run`. */
export function addRun(ratelab: Command): void {
  const run = ratelab.command('run').description('Run a scenario in virtual time and compare its strategies.')
  addStudyFlags(run, defaultSeeds)
    .option(
      '--sensitivity',
      'also run it under every other value of each switch, as `ratelab sensitivity` does, and say what the report rests on',
    )
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
--sensitivity takes the first ${sensitivitySeeds.length} seeds, and writes sensitivity.md, sensitivity.json and sensitivity.png as well. A sensitivity of the same study
that is already in the folder is part of the report without it.
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
