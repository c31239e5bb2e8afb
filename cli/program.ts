import { Command, CommanderError, Help, type Option } from 'commander'
import { version } from '../lab/version.ts'
import { addCompare } from './compare/usage.ts'
import { addFit } from './fit/usage.ts'
import { addGateway } from './gateway/usage.ts'
import { addK6 } from './k6/usage.ts'
import { addList } from './list/usage.ts'
import { addLoad } from './load/usage.ts'
import { addMerge } from './merge/usage.ts'
import { addNew } from './new/usage.ts'
import { surviveBrokenOutput } from './process/broken-output.ts'
import { failEarly, failUncaught } from './process/early-end.ts'
import { exitCodes, fail } from './process/exit.ts'
import { fittingHelp, fittingItem, helpWidth } from './process/help-text.ts'
import { print, tell } from './process/output.ts'
import { addReport } from './report/usage.ts'
import { addRun } from './run/usage.ts'
import { addSensitivity } from './sensitivity/usage.ts'
import { addServe } from './serve/usage.ts'
import { addTournament } from './tournament/usage.ts'

/** Parses the command line and runs its command. It never throws: it prints errors and sets the exit code. */
export async function program(argv: readonly string[]): Promise<void> {
  const { stdout, stderr } = process
  const isOutputLost = surviveBrokenOutput({ 'standard output': stdout, 'standard error': stderr }, tell)
  let isOver = false
  process.on('exit', (code) => {
    if (!isOver) failEarly(code)
    if (isOutputLost() && code === exitCodes.ok) process.exitCode = exitCodes.output
  })
  process.on('uncaughtException', (error) => {
    isOver = true
    failUncaught(error)
    process.exit()
  })
  try {
    await commandLine().parseAsync(argv)
    isOver = true
  } catch (error) {
    isOver = true
    if (!(error instanceof CommanderError)) return fail(error)
    // Commander has already printed the error. Its own code for a usage error is 1, ours is 2.
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.input
  }
}

/** Returns the command line with all commands, which parses and runs nothing yet. */
export function commandLine(): Command {
  const ratelab = new Command('ratelab')
    .description(
      'A laboratory for LLM rate limits: find the client strategy that answers most calls under the limits of DashScope, and how far it is from the optimum.',
    )
    .version(version, '-V, --version')
    .exitOverride()
    // The default `[]` of a repeatable option tells the reader nothing.
    .configureHelp({ optionDescription: withoutEmptyLists, minWidthToWrap: 20, formatItem: fittingItem })
    .configureOutput({
      writeOut: print,
      writeErr: (text) => tell(text.replace(/\n$/, '')),
      getOutHelpWidth: () => helpWidth(process.stdout),
      getErrHelpWidth: () => helpWidth(process.stderr),
    })
    .showHelpAfterError('(ratelab --help, or ratelab <command> --help, shows all commands and options)')
    .addHelpText(
      'after',
      fittingHelp(`
Examples:
  ratelab run burst                                   2,000 calls at once against qwen3-max
  ratelab run burst --strategies none,retry-pace      only these two strategies
  ratelab run steady --set rejectsCount=true          a steady load; rejected attempts count
  ratelab run replay --trace conv.csv                 a recorded trace
  ratelab run ./my-scenario.ts                        your own scenario
  ratelab fit conv.csv                                the arrivals and lengths of a recorded trace, for a scenario
  ratelab new strategy                                a strategy of your own to begin with, and its test
  ratelab report reports/burst                        the last report of burst, made again without running
  ratelab compare reports/burst reports/burst-custom  what became better and worse from one run to the other
  ratelab sensitivity steady                          which conclusions rest on an assumption
  ratelab tournament                                  the strategies in worlds that are drawn at random
  ratelab merge reports/burst                         the report of a study that ran in shards
  ratelab serve                                       a mock DashScope over HTTP, for any SDK
  ratelab load burst --url http://127.0.0.1:8420/compatible-mode/v1
                                                      the same scenario over the wire, in real time
  ratelab list                                        scenarios, strategies, profiles, settings

Exit codes: 0 done · 1 a fault of ratelab · 2 wrong input · 3 the report or the output could not be written · 4 a threshold crossed · 128 and a signal’s number after a signal, such as 130 after Ctrl-C
Width: that of the terminal; without a terminal that in COLUMNS, or 120 for reports and 80 for help`),
    )
  addRun(ratelab)
  addReport(ratelab)
  addMerge(ratelab)
  addCompare(ratelab)
  addSensitivity(ratelab)
  addTournament(ratelab)
  addFit(ratelab)
  addNew(ratelab)
  addServe(ratelab)
  addGateway(ratelab)
  addList(ratelab)
  addLoad(ratelab)
  addK6(ratelab)
  return ratelab
}

function withoutEmptyLists(this: Help, option: Option): string {
  return Help.prototype.optionDescription.call(this, option).replace(/ \(default: \[\]\)$/, '')
}
