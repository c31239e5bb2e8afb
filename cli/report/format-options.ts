import { type Command, Option } from 'commander'

/** Adds the options for the format of the report on standard output. */
export function addFormatOptions(command: Command): Command {
  const format = new Option('--format <format>', 'the format of the report on standard output')
  return command
    .addOption(format.choices(['terminal', 'md', 'json']).default('terminal'))
    .option('--json', 'the same as --format json')
}
