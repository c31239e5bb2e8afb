import type { Command } from 'commander'
import { worldsSeed } from '../../lab/tournament/seed.ts'
import { defaultRunSeeds, defaultWorlds } from '../../lab/tournament/tournament-size.ts'
import { strategyList, wholeNumber } from '../flags/option-values.ts'
import { fittingHelp } from '../process/help-text.ts'
import { addFormatOptions } from '../report/format-options.ts'

const mostWorlds = 1000
const mostSeeds = 1000

/** Adds `ratelab tournament`. */
export function addTournament(ratelab: Command): void {
  const tournament = ratelab
    .command('tournament')
    .description('Compare strategies in worlds that are drawn at random: which does best where none was tuned?')
    .option('--worlds <n>', 'the number of worlds', wholeNumber('--worlds', 1, mostWorlds), defaultWorlds)
    .option(
      '--worlds-seed <s>',
      'the seed from which the worlds are drawn',
      wholeNumber('--worlds-seed', 0, Number.MAX_SAFE_INTEGER),
      worldsSeed,
    )
    .option(
      '--world <i>',
      'run only the world with this number, print its report as `ratelab run` does, and write nothing',
      wholeNumber('--world', 1, Number.MAX_SAFE_INTEGER),
    )
    .option(
      '--seeds <n>',
      'the number of seeds in each world; each seed is one replication',
      wholeNumber('--seeds', 1, mostSeeds),
      defaultRunSeeds.length,
    )
    .option(
      '--strategies <a,b,…>',
      'the strategies that take part, as `ratelab run` takes them (default: those of the catalogue that draw on one account and one model)',
      strategyList,
    )
    .option('--out <dir>', 'the folder for reports; the tournament has its own folder in it', 'reports')
    .option('--fresh', 'run all worlds again, even if an earlier run of the same tournament left some')
  addFormatOptions(tournament)
    .addHelpText(
      'after',
      fittingHelp(`
A world has its own limits and windows, charges, burst guard, delays, other users, changes of limits, arrivals and lengths. World 17 is the same
in every tournament of the same seed. A strategy is judged by its efficiency: the share of what a clairvoyant client reaches.

Writes report.md and tournament.json to <dir>/tournament/, or to <dir>/tournament-custom/ when options change the tournament. Both are
written after each world: after Ctrl-C the same command goes on from there.

Examples:
  ratelab tournament                                            the whole field in 40 worlds
  ratelab tournament --worlds 8 --seeds 3 --strategies none,retry-pace
  ratelab tournament --world 17                                 one world, to see why a strategy fails in it
  ratelab tournament --worlds-seed 5 --strategies ./mine.ts     worlds that nobody has seen, for your own strategy

Exit codes: 0 done · 2 wrong input or a strategy that failed · 3 a file could not be written · 130 interrupted`),
    )
    .action(async (options) => (await import('./command.ts')).tournamentCommand(options))
}
