import { type Command, Option } from 'commander'

/** Adds the options that say how a report is shown. */
export function addFormatOptions(command: Command): Command {
  const format = new Option('--format <format>', 'what goes to standard output')
  return command
    .addOption(format.choices(['terminal', 'md', 'json']).default('terminal'))
    .option('--json', 'the same as --format json')
}
