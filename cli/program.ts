import { Command, CommanderError, Help, type Option } from 'commander'
import { exitCodes, fail } from './exit.ts'
import { addGateway } from './gateway/usage.ts'
import { addK6 } from './k6/usage.ts'
import { addList } from './list/usage.ts'
import { addReport } from './report/usage.ts'
import { addRun } from './run/usage.ts'
import { addServe } from './serve/usage.ts'
import { version } from './version.ts'

/** Parses the command line and runs the command it names. Never throws. */
export async function program(argv: readonly string[]): Promise<void> {
  // Who reads standard output may leave early, as `head` does; the report is written all the same.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => error.code === 'EPIPE' || fail(error))
  let isOver = false
  process.on('exit', () => {
    if (isOver || process.exitCode === exitCodes.interrupted) return
    console.error(
      'ratelab: Expected to finish, but the process ended before: does the scenario file end it, or wait for what never comes?',
    )
    process.exitCode = exitCodes.input
  })
  try {
    await build().parseAsync(argv)
    isOver = true
  } catch (error) {
    isOver = true
    if (!(error instanceof CommanderError)) return fail(error)
    // Commander has said it already; its own code for a usage error is 1, ours is 2.
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.input
  }
}

function build(): Command {
  const ratelab = new Command('ratelab')
    .description(
      'A laboratory for LLM rate limits: which client strategy survives the 429s of DashScope, and how far from the optimum.',
    )
    .version(version, '-V, --version')
    .exitOverride()
    // That a list begins empty is no news.
    .configureHelp({ optionDescription: withoutEmptyLists })
    .showHelpAfterError('(ratelab --help, or ratelab <command> --help, shows what there is)')
    .addHelpText(
      'after',
      `
Examples:
  ratelab run burst                                   2,000 calls at once against qwen3-max
  ratelab run burst --strategies none,retry-pace      only these two
  ratelab run steady --set rejectsCount=true          what if rejected attempts count?
  ratelab run replay --trace conv.csv                 a recorded trace
  ratelab run ./my-scenario.ts                        a scenario of your own
  ratelab report reports/burst                        its last report again, without running
  ratelab serve                                       a mock DashScope over HTTP, for any SDK
  ratelab list                                        scenarios, strategies, profiles, settings

Exit codes: 0 done · 1 a fault of ratelab · 2 wrong input · 3 the report could not be written · 130 interrupted`,
    )
  addRun(ratelab)
  addReport(ratelab)
  addServe(ratelab)
  addGateway(ratelab)
  addList(ratelab)
  addK6(ratelab)
  return ratelab
}

function withoutEmptyLists(this: Help, option: Option): string {
  return Help.prototype.optionDescription.call(this, option).replace(/ \(default: \[\]\)$/, '')
}
