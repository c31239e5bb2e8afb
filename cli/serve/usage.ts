import type { Command } from 'commander'
import { collect } from '../option-values.ts'

/** Adds `ratelab serve`. What its options are given is read in `serve-flags.ts`, so that all problems are told at once. */
export function addServe(ratelab: Command): void {
  ratelab
    .command('serve')
    .description('Serve a mock DashScope over HTTP, for any SDK in any language.')
    .option('--profile <name>', 'whose limits and prices: intl (default), cn-beijing, article')
    .option('--model-limit <model=limits>', 'limits in place of the profile’s (repeatable)', collect, [])
    .option('--account <name=key1,key2>', 'an account and its keys (repeatable; default main=sk-ratelab)', collect, [])
    .option('--set <switch=value>', 'a switch of the provider or of the wire (repeatable)', collect, [])
    .option('--speed <factor>', 'how much faster than real time: 60x; 0 is paused (default 1)')
    .option('--seed <n>', 'the number from which all chance follows (default 1)')
    .option('--port <n>', 'where it listens; 0: any free port (default 8420)')
    .option('--host <address>', 'on which address; others than 127.0.0.1 (default) let the network in')
    .option(
      '--config <file.json>',
      'all this and faults, workspaces, billing, as JSON with comments; read again when it changes',
    )
    .option(
      '--access-log [file]',
      'a JSON line a request, on standard error or at the end of a file; keys are redacted',
    )
    .option('--control-token <text>', 'lets whoever knows it use /_ratelab from another machine')
    .option('--json', 'the start-up card as one line of JSON, with the port')
    .option('--verbose', 'the limits of all models on the card')
    .addHelpText(
      'after',
      `
Limits:  rpm:600  tpm:100000  rps:10  tps:5000     in a minute, or a second
         requests:500/6s  tokens:100000/1m        in any window
         none                                     no limit

Examples:
  ratelab serve                                              the international profile on port 8420
  ratelab serve --profile article --speed 60x                the article's numbers; a minute passes in a second
  ratelab serve --model-limit qwen3-max=rpm:60,tpm:100000    a model with tighter limits
  ratelab serve --account a=sk-1,sk-2 --account b=sk-3       two keys of one account share its limits
  ratelab serve --set errorPlacement=first-frame             errors of streams inside a 200
  ratelab serve --port 0 --json > card.json &                for scripts: any free port, told as JSON
  ratelab serve --config lab.json                            {"$schema": "…/ratelab/dist/sim/config/serve.schema.json", …}

Flags come before the config file. Ctrl-C stops taking requests, lets streams end and exits with 0; again: at once, with 130.
While it runs: GET /_ratelab/state and /_ratelab/journal say which limit denied a request, and when it admits the next.`,
    )
    .action(async (options) => (await import('./command.ts')).serveCommand(options))
}
