import type { Command } from 'commander'

/** Adds `ratelab list`. */
export function addList(ratelab: Command): void {
  ratelab
    .command('list')
    .description('Show what there is: scenarios, strategies, profiles and settings.')
    .option('--settings', 'show the keys of --set, with defaults, alternatives and what is known about each')
    .action(async (options) => (await import('./command.ts')).listCommand(options))
}
