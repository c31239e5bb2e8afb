import type { Command } from 'commander'
import { collect } from '../flags/option-values.ts'

/** Adds the options of thresholds and of the files in which a CI system looks for their results. */
export function addThresholdOptions(command: Command): Command {
  return addCheckFileOptions(
    command.option(
      '--threshold <text>',
      'a bound that every strategy must keep, such as success>=0.99, p95<30s or retry-pace.attempts@batch<=1.2; exit code 4 when one is crossed (repeatable)',
      collect,
      [],
    ),
  )
}

/** Adds the options of the files in which a CI system looks for results. */
export function addCheckFileOptions(command: Command): Command {
  return command
    .option('--junit <file>', 'write the results of the checks as JUnit XML')
    .option(
      '--summary <file>',
      'add the results of the checks to a Markdown file (default: the job summary on GitHub, GITHUB_STEP_SUMMARY)',
    )
}
