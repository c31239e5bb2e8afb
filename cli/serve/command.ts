import { dirname, resolve } from 'node:path'
import { loadedProfile } from '../../lab/load-profile.ts'
import { type ConfigRead, readConfig } from '../../sim/config/read-config.ts'
import { configProblems, type ServeConfig } from '../../sim/config/serve-config.ts'
import { journalEntry } from '../../sim/control/journal-entry.ts'
import { isLoopback } from '../../sim/control/loopback.ts'
import { profileOf } from '../../sim/profiles/profiles.ts'
import { defaultHost, defaultProfile } from '../../sim/setup/defaults.ts'
import type { RequestRecord } from '../../sim/wire/request-record.ts'
import { nearest } from '../../src/checks/did-you-mean.ts'
import { expectInputError, InputError, inputErrorOf } from '../../src/checks/input-error.ts'
import { firstProblems } from '../../src/checks/problems.ts'
import type { Millis } from '../../src/core/clock.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { type AccessLog, accessLog } from '../process/access-log.ts'
import { clientOrigin } from '../process/listening.ts'
import { print, tell } from '../process/output.ts'
import { outputWidth } from '../process/output-width.ts'
import { onRenew } from '../process/renew-signals.ts'
import { untilStopped } from '../process/stop-signals.ts'
import { serveCard, serveCardJson } from './card.ts'
import { watchConfig } from './config-watch.ts'
import { mergeConfigs, readFlags, type ServeFlags } from './flags.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { type ConfigUpdate, type ServeSession, startServing } from './session.ts'

/** The options of `ratelab serve`. */
export interface ServeCommandOptions extends ServeFlags {
  /** Whether the start-up card is one line of JSON. Default: false. */
  readonly json?: boolean
  /** Whether the start-up card shows the limits of all models. Default: false. */
  readonly verbose?: boolean
  /** How long requests in flight may take after a signal that stops the server, real time. */
  readonly grace: Millis
}

/** Runs `ratelab serve`, which serves until a signal stops the process. */
export async function serveCommand(options: ServeCommandOptions): Promise<void> {
  let log: AccessLog<RequestRecord> | undefined
  let reload: (() => void) | undefined
  const stopRenewing = onRenew((signal) => {
    void log?.reopen()
    if (signal === 'SIGHUP') reload?.()
  })
  const profile = await loadedProfile(options.profile)
  const flags = readFlags({ ...options, ...(profile !== undefined && { profile }) })
  const file = options.config === undefined ? undefined : resolve(options.config)
  // Flags that are wrong by themselves are not checked again as parts of the config.
  const read = await configOf(file, flags.problems.length > 0 ? {} : flags.config)
  const problems = [...flags.problems, ...('problems' in read ? read.problems : [])]
  if (problems.length > 0 || 'problems' in read) throw inputErrorOf(problems, 'CONFIG_INVALID')
  const { config } = read
  if (config.accessLog) log = await accessLog(config.accessLog, journalEntry)
  const session = await startServing(config, (record) => log?.write(record))
  print(cardOf(session, config, options))
  if (file !== undefined) reload = oneAtATime(() => reloadConfig(file, flags.config, session))
  const stopWatching = file !== undefined && reload ? watchIfPossible(file, reload) : undefined
  await untilStopped({
    close: (grace) => session.close(grace),
    // While simulated time is paused no request ends by itself, so 0 is shown as the number of requests to wait for.
    inFlight: () => (session.timeline.speed() === 0 ? 0 : session.mock.inFlight),
    grace: options.grace,
  }).finally(stopWatching)
  stopRenewing()
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
    ? 'Anyone who has the control token, and nobody else, can also read the journal and change limits.'
    : 'The control plane answers only this machine, and nobody through a proxy (with --control-token everybody who sends the token).'
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

/** Reads and applies the file again. */
async function reloadConfig(file: string, flags: ServeConfig, session: ServeSession): Promise<void> {
  const read = await configOf(file, flags)
  if ('problems' in read) return printMessage(notApplied, ...firstProblems(read.problems))
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

const notApplied = 'the new config is not applied, and the former one stays in force:'

/**
 * Watches the file and calls `changed` when it changes, until the returned function is called. Prints a message when the file cannot be
 * watched: some systems limit the number of watched folders, and some file systems cannot be watched.
 */
function watchIfPossible(file: string, changed: () => void): () => void {
  const cannotWatch = ({ message }: Error) =>
    printMessage(`the config file is not watched (${message}); send SIGHUP to reload it`)
  try {
    return watchConfig(file, systemClock, changed, cannotWatch)
  } catch (error) {
    cannotWatch(error as Error)
    return () => {}
  }
}

function printMessage(first: string, ...more: readonly string[]): void {
  tell([`ratelab: ${first}`, ...more.map((line) => `  ${line}`)].join('\n'))
}
