import type { Command } from 'commander'
import { collect } from '../flags/option-values.ts'

/** Adds `ratelab gateway`. What its options are given is read in `gateway-flags.ts`, so that all problems are told at once. */
export function addGateway(ratelab: Command): void {
  ratelab
    .command('gateway')
    .description(
      'Serve a proxy with pooled quota before several accounts: of a mock, or of any OpenAI-compatible service.',
    )
    .option('--accounts <n>', 'how many accounts of a mock in this process (default 3)')
    .option('--profile <name>', 'the mock’s limits and prices: intl (default), cn-beijing, article')
    .option(
      '--model-limit <model=limits>',
      'limits of the mock’s accounts (repeatable), as in ratelab serve',
      collect,
      [],
    )
    .option('--speed <factor>', 'how much faster than real time the mock is: 60x')
    .option('--upstream <url>', 'a service instead of the mock: what /v1 stands for, such as https://example.com/v1')
    .option('--upstream-key <key>', 'the key of an account there (repeatable)', collect, [])
    .option('--balance <how>', 'least-busy (default) or round-robin')
    .option('--failover <n>', 'how many further accounts a request tries (default: all)')
    .option('--customer-limit <limits>', 'a cap for each customer key, such as rpm:60,tpm:100000 (default none)')
    .option('--hop-delay <ms>', 'what the hop adds, each way (default 0)')
    .option('--price-factor <factor>', 'what it charges, as a share of the provider’s price (default 1)')
    .option('--outages <up/down>', 'mean times up and down, such as 10m/30s (default: always up)')
    .option('--seed <n>', 'the number from which all chance follows (default 1)')
    .option('--port <n>', 'where it listens; 0: any free port (default 8421)')
    .option('--host <address>', 'on which address; others than 127.0.0.1 (default) let the network in')
    .option(
      '--access-log [file]',
      'a JSON line a request, on standard error or at the end of a file; keys are redacted',
    )
    .option('--json', 'the start-up card as one line of JSON, with the port')
    .addHelpText(
      'after',
      `
Caution: pooling accounts, or reselling their quota, can breach the provider’s terms of service; check them first.

Examples:
  ratelab gateway                                            three accounts of a mock behind one address
  ratelab gateway --customer-limit rpm:60 --outages 10m/30s  a proxy as they are sold
  ratelab gateway --upstream http://127.0.0.1:8420/compatible-mode/v1 --upstream-key sk-1 --upstream-key sk-2

A request for /v1/… goes to the upstream’s address, under one of its keys. Replies tell x-ratelab-account, -attempts and -price-factor.`,
    )
    .action(async (options) => (await import('./command.ts')).gatewayCommand(options))
}
