import type { Command } from 'commander'

/** Adds `ratelab list`. */
export function addList(ratelab: Command): void {
  ratelab
    .command('list')
    .description('What there is to run: scenarios, strategies, profiles and settings.')
    .option('--settings', 'the keys of --set, with defaults, alternatives and what is known of each')
    .action(async (options) => (await import('./command.ts')).listCommand(options))
}
