import type { Command } from 'commander'
import { addGraceOption } from '../flags/grace-option.ts'
import { collect } from '../flags/option-values.ts'
import { fittingHelp } from '../process/help-text.ts'

/** Adds `ratelab gateway`. The values of its options are read in `flags.ts`, which reports all problems at once. */
export function addGateway(ratelab: Command): void {
  const gateway = ratelab
    .command('gateway')
    .description(
      'Serve a proxy that pools the quota of several accounts, of a mock or of any OpenAI-compatible service.',
    )
    .option('--accounts <n>', 'Pool this number of accounts of a mock in this process. Default: 3.')
    .option(
      '--profile <name or path>',
      'Give the mock the limits and prices of this profile: intl, cn-beijing, article or the path of your own. Default: intl.',
    )
    .option(
      '--model-limit <model=limits>',
      'Give each account of the mock these limits for a model, written as for ratelab serve (repeatable). Default: the profile’s.',
      collect,
      [],
    )
    .option('--speed <factor>', 'Run the mock this number of times as fast as real time, such as 60x. Default: 1.')
    .option(
      '--upstream <url>',
      'Send requests to this address instead of a mock. It replaces /v1 in their paths: https://example.com/v1.',
    )
    .option(
      '--upstream-key-file <path>',
      'Pool the accounts of the keys in this file, one in each line. The environment variable RATELAB_UPSTREAM_KEYS may also hold them.',
    )
    .option(
      '--upstream-key <key>',
      'Pool the account of this key (repeatable). Other users of this machine can see it in the list of processes.',
      collect,
      [],
    )
    .option(
      '--customer <name=keys>',
      'Let in only who sends one of these keys, such as ada=key,key or a key alone (repeatable, visible like --upstream-key). Default: everyone on this machine.',
      collect,
      [],
    )
    .option(
      '--customer-file <path>',
      'Let in the customers in this file, one in each line. The environment variable RATELAB_CUSTOMERS may also hold them.',
    )
    .option(
      '--balance <how>',
      'Try the account with the fewest requests in flight first (least-busy), or the next in turn (round-robin). Default: least-busy.',
    )
    .option('--failover <n>', 'Try at most this number of further accounts for a request. Default: all.')
    .option('--customer-limit <limits>', 'Limit each customer, such as rpm:60,tpm:100000. Default: none.')
    .option('--connect-timeout <time>', 'Wait this long for a connection to an account. Default: 10s.')
    .option(
      '--first-byte-timeout <time>',
      'Wait this long for the beginning of a reply. One that is no stream begins when the model has finished. Default: 2m.',
    )
    .option('--idle-timeout <time>', 'Wait this long for the next piece of a reply. Default: 1m.')
    .option('--total-timeout <time>', 'End a request after this time, at all accounts together. Default: 10m.')
    .option('--hop-delay <ms>', 'Delay each request, and each reply, by this number of milliseconds. Default: 0.')
    .option('--price-factor <factor>', 'State this share of the provider’s price as the gateway’s price. Default: 1.')
    .option(
      '--outages <up/down>',
      'Work and fail in turn, for these mean lengths of time, such as 10m/30s. Default: always work.',
    )
    .option('--seed <n>', 'Draw all random numbers from this seed. Default: 1.')
    .option('--port <n>', 'Listen on this port; 0 means any free port. Default: 8421.')
    .option(
      '--host <address>',
      'Listen on this address. Any other than 127.0.0.1 lets other machines in, and needs --customer. Default: 127.0.0.1.',
    )
    .option(
      '--access-log [file]',
      'Write one line of JSON for each request to standard error, or append it to this file, without keys. Default: no log.',
    )
  addGraceOption(gateway)
    .option('--json', 'Print the start-up card as one line of JSON, with the port.')
    .addHelpText(
      'after',
      fittingHelp(`
Caution: pooling accounts, or reselling their quota, can breach the provider’s terms of service; check them first.

Examples:
  ratelab gateway                                            three accounts of a mock behind one address
  ratelab gateway --customer-limit rpm:60 --outages 10m/30s  limits and outages as of a commercial proxy
  ratelab gateway --upstream http://127.0.0.1:8420/compatible-mode/v1 --upstream-key-file keys.txt
  ratelab gateway --host 0.0.0.0 --customer-file customers.txt --customer-limit rpm:60

A request to a model under /v1/… goes to the upstream’s address with the key of one of its accounts; other paths get 404. Replies have the headers x-ratelab-account, x-ratelab-attempts and x-ratelab-price-factor. An account that fails rests for a second, and longer each time, up to a minute.`),
    )
    .action(async (options) => (await import('./command.ts')).gatewayCommand(options))
}
