import type { Command } from 'commander'
import { collect } from '../flags/option-values.ts'
import { addStudyFlags } from '../flags/study-flags.ts'
import { fittingHelp } from '../process/help-text.ts'
import { addFormatOptions } from '../report/format-options.ts'

/** A load takes real time, so that one seed is usual. */
const usualSeeds = [1]

/** Adds `ratelab load`. The values of its own options are read in `flags.ts`, which reports all problems at once. */
export function addLoad(ratelab: Command): void {
  const load = ratelab
    .command('load')
    .description('Run a scenario in real time against an OpenAI-compatible address and compare its strategies.')
  addStudyFlags(load, usualSeeds)
    .option(
      '--url <address>',
      'the address that /chat/completions follows, such as http://127.0.0.1:8420/compatible-mode/v1',
    )
    .option(
      '--key-file <path>',
      'a file with the keys, one in each line: the first stands for the first account of the scenario, and so on. RATELAB_KEYS may also hold them (default: sk-ratelab, on this machine)',
    )
    .option(
      '--key <key>',
      'a key, like those of --key-file (repeatable). Other users of this machine can see it in the list of processes',
      collect,
      [],
    )
    .option(
      '--speed <factor>',
      'run this number of times as fast as real time, such as 60x, against a mock whose clock does (default: the speed of the mock)',
    )
    .option(
      '--limits <limits>',
      'the limits of each account, such as rpm:600,tpm:1000000, or profile for those of the profile (default: those of the profile at a mock with the same world; elsewhere there is no optimum)',
    )
    .option('--stream', 'ask for answers as streams, and read them to their end')
    .option(
      '--allow-host <name>',
      'let the load leave this machine, to this host of --url; it then needs both caps below',
    )
    .option('--max-requests <n>', 'end the load before it sends more requests than this (default: no cap)')
    .option(
      '--max-spend <amount>',
      'end the load before it could cost more than this by the profile’s prices, in its currency (default: no cap)',
    )
  addFormatOptions(load)
    .addHelpText(
      'after',
      fittingHelp(`
Arrivals are those of \`ratelab run\` with the same seed: they wait for no reply, and latency counts from the intended arrival. A warning says when this machine could not keep up.
Writes the report and cells.jsonl to <dir>/<scenario>-wire/. \`ratelab compare <dir>/<scenario> <dir>/<scenario>-wire\` lays virtual time and the wire side by side.
Ctrl-C ends the load and keeps what was measured. A second Ctrl-C ends at once.

A mock of this machine is reset before each run. Elsewhere the load rests between runs for the longest window of the profile.

Examples:
  ratelab serve --profile article --speed 60x
  ratelab load burst --url http://127.0.0.1:8420/compatible-mode/v1 --strategies none,retry-pace
  ratelab load steady --url https://example.com/v1 --allow-host example.com --key-file keys.txt --max-requests 500 --max-spend 2

docs/load.md in the package says what the figures mean.`),
    )
    .action(async (name, options) => (await import('./command.ts')).loadCommand(name, options))
}
