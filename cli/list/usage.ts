import type { Command } from 'commander'

/** Adds `ratelab list`. */
export function addList(ratelab: Command): void {
  ratelab
    .command('list')
    .description('Show all scenarios, strategies, profiles and settings.')
    .option('--settings', 'show the keys of --set, with the default, the possible values and the meaning of each')
    .action(async (options) => (await import('./command.ts')).listCommand(options))
}
