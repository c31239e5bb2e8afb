import type { Command } from 'commander'
import {
  defaultHost,
  defaultPort,
  defaultProfile,
  defaultSeed,
  defaultSpeed,
  oneAccount,
} from '../../sim/setup/defaults.ts'
import { addGraceOption } from '../flags/grace-option.ts'
import { collect } from '../flags/option-values.ts'
import { fittingHelp } from '../process/help-text.ts'

const [account] = oneAccount

/** Adds `ratelab serve`. The values of its options are read in `flags.ts`, so that all problems are reported at once. */
export function addServe(ratelab: Command): void {
  const serve = ratelab
    .command('serve')
    .description('Serve a mock DashScope over HTTP, for any SDK in any language.')
    .option(
      '--profile <name or path>',
      `the profile, which gives limits and prices: intl, cn-beijing, article or the path of your own (default ${defaultProfile})`,
    )
    .option('--model-limit <model=limits>', 'limits of a model in place of the profile’s (repeatable)', collect, [])
    .option(
      '--account <name=key1,key2>',
      `an account and its keys (repeatable; default ${account!.name}=${account!.keys})`,
      collect,
      [],
    )
    .option('--set <switch=value>', 'a switch of the provider or of the wire (repeatable)', collect, [])
    .option(
      '--speed <factor>',
      `the speed of simulated time as a multiple of real time, such as 60x; 0 pauses it (default ${defaultSpeed})`,
    )
    .option('--seed <n>', `the seed of all random numbers (default ${defaultSeed})`)
    .option('--port <n>', `the port on which the server listens; 0 means any free port (default ${defaultPort})`)
    .option(
      '--host <address>',
      `the address on which the server listens; with any other than the default, other machines may reach it (default ${defaultHost})`,
    )
    .option(
      '--config <file.json>',
      'a JSON file, which may have comments, with these settings and with faults, workspaces and billing; it is read again when it changes',
    )
    .option(
      '--access-log [file]',
      'write one JSON line for each request to standard error, or append it to a file; keys are redacted',
    )
    .option(
      '--control-token <text>',
      'a token that /_ratelab asks of everybody, and with which other machines may use it, too',
    )
  addGraceOption(serve)
    .option('--json', 'print the start-up card as one line of JSON, with the port')
    .option('--verbose', 'show the limits of all models on the card')
    .addHelpText(
      'after',
      fittingHelp(`
Limits:
  rpm:600  tpm:100000                in any minute
  rps:10  tps:5000                   in any second
  requests:500/6s  tokens:100000/1m  in any window
  soft-tpm:5000000                   nothing beyond it is denied while the platform has room (softRoom)
  coding-plan                        the hours, week and month of a Coding Plan
  none                               no limit

Examples:
  ratelab serve                                              the international profile on port ${defaultPort}
  ratelab serve --profile article --speed 60x                the article's numbers; a minute passes in a second
  ratelab serve --model-limit qwen3-max=rpm:60,tpm:100000    a model with tighter limits
  ratelab serve --account a=sk-1,sk-2 --account b=sk-3       two keys of one account share its limits
  ratelab serve --set errorPlacement=first-frame             errors of streams inside a 200
  ratelab serve --port 0 --json > card.json &                for scripts: any free port, printed as JSON
  ratelab serve --config lab.json                            {"$schema": "…/ratelab/dist/sim/config/serve.schema.json", …}

Flags take precedence over the config file.

Signals:
  SIGINT (Ctrl-C), SIGTERM, SIGQUIT  accept no more requests, let those in flight end for --grace, and exit with 0; a second one: exit at once
  SIGHUP                             open the access log again by its path, and read the config file again
  SIGUSR1                            open the access log again by its path

While the server runs, GET /_ratelab/state and /_ratelab/journal show which limit denied a request, and when it admits the next one.`),
    )
    .action(async (options) => (await import('./command.ts')).serveCommand(options))
}
