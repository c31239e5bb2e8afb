import { dirname, resolve } from 'node:path'
import { loadedProfile } from '../../lab/load-profile.ts'
import { type ConfigRead, readConfig } from '../../sim/config/read-config.ts'
import { configProblems, type ServeConfig } from '../../sim/config/serve-config.ts'
import { journalEntry } from '../../sim/control/journal-entry.ts'
import { isLoopback } from '../../sim/control/loopback.ts'
import { profileOf } from '../../sim/profiles/profiles.ts'
import { defaultHost, defaultProfile } from '../../sim/setup/defaults.ts'
import { nearest } from '../../src/checks/did-you-mean.ts'
import { expectInputError, InputError, inputErrorOf } from '../../src/checks/input-error.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { accessLog } from '../process/access-log.ts'
import { clientOrigin } from '../process/listening.ts'
import { print, tell } from '../process/output.ts'
import { outputWidth } from '../process/output-width.ts'
import { untilStopped } from '../process/stop-signals.ts'
import { serveCard, serveCardJson } from './card.ts'
import { watchConfig } from './config-watch.ts'
import { mergeConfigs, readFlags, type ServeFlags } from './flags.ts'
import { type ConfigUpdate, type ServeSession, startServing } from './session.ts'

/** The options of `ratelab serve`. */
export interface ServeCommandOptions extends ServeFlags {
  /** Whether the start-up card is one line of JSON. Default: false. */
  readonly json?: boolean
  /** Whether the start-up card shows the limits of all models. Default: false. */
  readonly verbose?: boolean
}

/** Runs `ratelab serve`, which serves until the process gets Ctrl-C or SIGTERM. */
export async function serveCommand(options: ServeCommandOptions): Promise<void> {
  const profile = await loadedProfile(options.profile)
  const flags = readFlags({ ...options, ...(profile !== undefined && { profile }) })
  const file = options.config === undefined ? undefined : resolve(options.config)
  // Flags that are wrong by themselves are not checked again as parts of the config.
  const read = await configOf(file, flags.problems.length > 0 ? {} : flags.config)
  const problems = [...flags.problems, ...('problems' in read ? read.problems : [])]
  if (problems.length > 0 || 'problems' in read) throw inputErrorOf(problems, 'CONFIG_INVALID')
  const { config } = read
  const log = config.accessLog ? await accessLog(config.accessLog) : undefined
  const session = await startServing(config, (record) => log?.write(journalEntry(record)))
  print(cardOf(session, config, options))
  const stopWatching = file === undefined ? () => {} : reloadOnChange(file, flags.config, session)
  await untilStopped(
    (grace) => session.close(grace),
    // While simulated time is paused no request ends by itself, so 0 is shown as the number of requests to wait for.
    () => (session.timeline.speed() === 0 ? 0 : session.mock.inFlight),
  ).finally(stopWatching)
  await log?.close()
}

/**
 * Reads the config file, merges the flags into it, and loads its profile if that is a path. The merged config is checked again, because a file and flags without problems can
 * have problems together: a fault in the file may name an account that a flag has replaced.
 */
async function configOf(file: string | undefined, flags: ServeConfig): Promise<ConfigRead> {
  const read: ConfigRead = file === undefined ? { config: {} } : await readConfig(file)
  if ('problems' in read) return read
  const merged = mergeConfigs(read.config, flags)
  const profile = await loadedProfile(merged.profile, file && dirname(file)).catch(expectInputError)
  if (profile instanceof InputError) return { problems: profile.problems }
  const config = { ...merged, ...(profile !== undefined && { profile }) }
  const problems = configProblems(config)
  return problems.length > 0 ? { problems } : { config }
}

function cardOf(session: ServeSession, config: ServeConfig, { json, verbose = false }: ServeCommandOptions): string {
  const { server, mock } = session
  const { host = defaultHost, controlToken } = config
  const origin = clientOrigin(server.origin)
  const notes = [...(isLoopback(host) ? [] : [exposureNote(host, controlToken !== undefined)]), ...addedModels(config)]
  const facts = { origin, port: server.port, config, profile: mock.profile, accounts: mock.setup.accounts, notes }
  return json
    ? serveCardJson({ ...facts, isVerbose: true })
    : serveCard({ ...facts, isVerbose: verbose }, outputWidth(process.stdout))
}

function exposureNote(host: string, hasToken: boolean): string {
  const requests = `Anyone who can reach ${host} over the network can send requests with the keys above.`
  const control = hasToken
    ? 'Anyone who has the control token can also read the journal and change limits.'
    : 'The control plane answers only this machine (--control-token opens it to other machines).'
  return `${requests} ${control}`
}

/** Returns a note for each model that has limits but is not in the profile. Its name is probably a typing error. */
function addedModels({ limits = {}, profile = defaultProfile }: ServeConfig): string[] {
  const { name, models } = profileOf(profile)
  const known = Object.keys(models)
  return Object.keys(limits)
    .filter((model) => !known.includes(model))
    .map((model) => {
      const guess = nearest(model, known)
      const hint = guess === undefined ? '' : ` Did you mean ${guess}?`
      return `${model} is not a model of the profile ${name}. It was added, and it is free of charge.${hint}`
    })
}

/** Reads and applies the file again when it changes, or when the process gets SIGHUP, until the returned function is called. */
function reloadOnChange(file: string, flags: ServeConfig, session: ServeSession): () => void {
  const reload = async () => {
    const read = await configOf(file, flags)
    if ('problems' in read) return printMessage(notApplied, ...read.problems)
    let update: ConfigUpdate
    try {
      update = session.applyConfig(read.config)
    } catch (error) {
      return printMessage(notApplied, (error as Error).message)
    }
    const { applied, needRestart } = update
    if (applied.length > 0) printMessage(`the config has changed: ${applied.join(', ')}`)
    if (needRestart.length > 0)
      printMessage(`the config has changed fields that only a restart can change: ${needRestart.join(', ')}`)
  }
  // The reloads run one after the other, so that the last version of the file is in force at the end.
  let last = Promise.resolve()
  const next = () => {
    last = last.then(reload)
  }
  const stop = watchIfPossible(file, next)
  process.on('SIGHUP', next)
  return () => {
    stop()
    process.off('SIGHUP', next)
  }
}

const notApplied = 'the new config is not applied, and the former one stays in force:'

/**
 * Watches the file and calls `changed` when it changes, until the returned function is called. Prints a message when the file cannot be
 * watched: some systems limit the number of watched folders, and some file systems cannot be watched.
 */
function watchIfPossible(file: string, changed: () => void): () => void {
  try {
    return watchConfig(file, systemClock, changed)
  } catch (error) {
    printMessage(`the config file is not watched (${(error as Error).message}); send SIGHUP to reload it`)
    return () => {}
  }
}

function printMessage(first: string, ...more: readonly string[]): void {
  tell([`ratelab: ${first}`, ...more.map((line) => `  ${line}`)].join('\n'))
}
