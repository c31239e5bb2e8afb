import { Command, CommanderError, Help, InvalidArgumentError, Option } from 'commander'
import { exitCodes, fail } from './exit.ts'
import { addGateway } from './gateway/usage.ts'
import { defaults, runCommand } from './run/command.ts'
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

const mostSeeds = 10_000
/** Those that follow it are whole numbers, too, and each can be asked for alone. */
const lastSeed = Number.MAX_SAFE_INTEGER - (mostSeeds - 1)

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
  ratelab serve                                       a mock DashScope over HTTP, for any SDK
  ratelab list                                        scenarios, strategies, profiles, settings

Exit codes: 0 done · 1 a fault of ratelab · 2 wrong input · 3 the report could not be written · 130 interrupted`,
    )
  ratelab
    .command('run')
    .description('Run a scenario in virtual time and compare its strategies.')
    .argument('<scenario>', 'a name from `ratelab list`, or the path of a scenario file (.ts or .js)')
    .option('--strategies <a,b,…>', 'only these strategies', commaList)
    .option(
      '--seeds <n>',
      'how many seeds (each is one replication)',
      wholeNumber('--seeds', 1, mostSeeds),
      defaults.seeds,
    )
    .option('--seed <s>', 'the first seed; the others follow it', wholeNumber('--seed', 0, lastSeed), defaults.seed)
    .option('--profile <name>', 'the provider’s limits and prices: article, intl, cn-beijing')
    .option('--set <key=value>', 'change a switch of the provider or a number of the cases (repeatable)', collect, [])
    .option('--trace <file.csv>', 'recorded calls: TIMESTAMP,ContextTokens,GeneratedTokens')
    .option('--out <dir>', 'where reports go, one folder a scenario', 'reports')
    .addOption(
      new Option('--format <format>', 'what goes to standard output')
        .choices(['terminal', 'md', 'json'])
        .default('terminal'),
    )
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      `
Writes <dir>/<scenario>/report.md, report.json and charts; with anything but the defaults, <dir>/<scenario>-custom/.
The same seeds give the same bytes. \`ratelab list --settings\` shows every key of --set.`,
    )
    .action((name, options) => runCommand(name, options))
  addServe(ratelab, collect)
  addGateway(ratelab, collect)
  ratelab
    .command('list')
    .description('What there is to run: scenarios, strategies, profiles and settings.')
    .option('--settings', 'the keys of --set, with defaults, alternatives and what is known of each')
    .action(async (options) => (await import('./list/command.ts')).listCommand(options))
  ratelab
    .command('k6')
    .description(
      'Run a k6 script against a mock of its own: our strategies inside k6, or a plain load test with thresholds.',
    )
    .argument('<script>', 'burst (calls at once, through a strategy) or steady (a plain load test)')
    .option('--strategy <name>', 'burst: which strategy sends', 'retry-pace')
    .option('--calls <n>', 'burst: how many calls at once', wholeNumber('--calls', 1, 100_000), 300)
    .option('--speed <n>', 'how many times as fast as the wall clock', wholeNumber('--speed', 1, 1000), 20)
    .option('--profile <name>', 'the provider’s limits and spellings: article, intl, cn-beijing', 'article')
    .addHelpText(
      'after',
      '\nNeeds k6 on the search path, or RATELAB_K6. Ends with k6’s exit code: 99 when a threshold is crossed.',
    )
    .action(async (script, options) => (await import('./k6/command.ts')).k6Command(script, options))
  return ratelab
}

function withoutEmptyLists(this: Help, option: Option): string {
  return Help.prototype.optionDescription.call(this, option).replace(/ \(default: \[\]\)$/, '')
}

function commaList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
}

function collect(text: string, before: readonly string[]): string[] {
  return [...before, text]
}

function wholeNumber(field: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least && value <= most) return value
    throw new InvalidArgumentError(
      `Expected \`${field}\` to be a whole number >= ${least} and <= ${most}, got ${text}.`,
    )
  }
}
