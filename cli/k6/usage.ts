import type { Command } from 'commander'
import { wholeNumber } from '../flags/option-values.ts'

/** Adds `ratelab k6`. */
export function addK6(ratelab: Command): void {
  ratelab
    .command('k6')
    .description(
      'Run a k6 script against a mock of its own: our strategies inside k6, or a plain load test with thresholds.',
    )
    .argument('<script>', 'burst (calls at once, through a strategy) or steady (a plain load test)')
    .option('--strategy <name>', 'burst: which strategy sends (ratelab list shows them)', 'retry-pace')
    .option('--calls <n>', 'burst: how many calls at once', wholeNumber('--calls', 1, 100_000), 300)
    .option('--speed <n>', 'how many times as fast as the wall clock', wholeNumber('--speed', 1, 1000), 20)
    .option('--profile <name>', 'the provider’s limits and spellings: article, intl, cn-beijing', 'article')
    .addHelpText(
      'after',
      '\nNeeds k6 on the search path, or RATELAB_K6. Ends with k6’s exit code: 99 when a threshold is crossed.',
    )
    .action(async (script, options) => (await import('./command.ts')).k6Command(script, options))
}
