import { resolve } from 'node:path'
import { type ConfigRead, readConfig } from '../../sim/config/read-config.ts'
import { configProblems, type ServeConfig } from '../../sim/config/serve-config.ts'
import { journalEntry } from '../../sim/control/journal-entry.ts'
import { isLoopback } from '../../sim/control/loopback.ts'
import { profileNamed } from '../../sim/profiles/profiles.ts'
import { defaultHost } from '../../sim/setup/defaults.ts'
import { nearest } from '../../src/checks/did-you-mean.ts'
import { inputErrorOf } from '../../src/checks/input-error.ts'
import { systemClock } from '../../src/core/system-clock.ts'
import { accessLog } from '../process/access-log.ts'
import { clientOrigin } from '../process/listening.ts'
import { untilStopped } from '../process/stop-signals.ts'
import { serveCard, serveCardJson } from './card.ts'
import { watchConfig } from './config-watch.ts'
import { overlaid, readFlags, type ServeFlags } from './flags.ts'
import { type ServeSession, startServing } from './session.ts'

export interface ServeCommandOptions extends ServeFlags {
  readonly json?: boolean
  readonly verbose?: boolean
}

/** Runs `ratelab serve`: it serves until it is told to stop. */
export async function serveCommand(options: ServeCommandOptions): Promise<void> {
  const flags = readFlags(options)
  const file = options.config === undefined ? undefined : resolve(options.config)
  // Flags that are wrong by themselves are not checked again as parts of the config.
  const read = await configOf(file, flags.problems.length > 0 ? {} : flags.config)
  const problems = [...flags.problems, ...('problems' in read ? read.problems : [])]
  if (problems.length > 0 || 'problems' in read) throw inputErrorOf(problems, 'CONFIG_INVALID')
  const { config } = read
  const log = config.accessLog ? await accessLog(config.accessLog) : undefined
  const session = await startServing(config, (record) => log?.write(journalEntry(record)))
  process.stdout.write(cardOf(session, config, options))
  const stopWatching = file === undefined ? () => {} : reloading(file, flags.config, session)
  await untilStopped(
    (grace) => session.close(grace),
    // While simulated time is paused no request ends by itself, so the user is not told to wait for any.
    () => (session.timeline.speed() === 0 ? 0 : session.mock.inFlight),
  ).finally(stopWatching)
  await log?.close()
}

/**
 * The config of the file with that of the flags put over it. Both may be right by themselves and wrong together: a fault may name an
 * account that a flag has replaced.
 */
async function configOf(file: string | undefined, flags: ServeConfig): Promise<ConfigRead> {
  const read: ConfigRead = file === undefined ? { config: {} } : await readConfig(file)
  if ('problems' in read) return read
  const config = overlaid(read.config, flags)
  const problems = configProblems(config)
  return problems.length > 0 ? { problems } : { config }
}

function cardOf(session: ServeSession, config: ServeConfig, { json, verbose = false }: ServeCommandOptions): string {
  const { server, mock } = session
  const { host = defaultHost, controlToken } = config
  const origin = clientOrigin(server.origin)
  const notes = [
    ...(isLoopback(host) ? [] : [exposure(host, controlToken !== undefined)]),
    ...addedModels(config, mock.profile.name),
  ]
  const facts = { origin, port: server.port, config, profile: mock.profile, accounts: mock.setup.accounts, notes }
  return json ? serveCardJson({ ...facts, isVerbose: true }) : serveCard({ ...facts, isVerbose: verbose })
}

function exposure(host: string, hasToken: boolean): string {
  const who = `whoever reaches ${host} over the network can send requests with the keys above`
  const control = hasToken
    ? 'and, with the control token, read the journal and change limits'
    : 'the control interface answers this machine only (--control-token opens it)'
  return `${who}; ${control}.`
}

/** One sentence for each model that only the limits name: it is probably a typing error. */
function addedModels({ limits = {} }: ServeConfig, profile: string): string[] {
  const known = Object.keys(profileNamed(profile).models)
  return Object.keys(limits)
    .filter((model) => !known.includes(model))
    .map((model) => {
      const guess = nearest(model, known)
      const hint = guess === undefined ? '' : `; if you meant ${guess}, say so`
      return `${model} is not a model of the profile ${profile}: it is added, free of charge${hint}.`
    })
}

/** Reads the file again when it changes, or when the process gets SIGHUP. The returned function ends this. */
function reloading(file: string, flags: ServeConfig, session: ServeSession): () => void {
  const reload = async () => {
    const read = await configOf(file, flags)
    if ('problems' in read) return say('the config is not applied, the former one stays in force:', ...read.problems)
    let changed: ReturnType<ServeSession['change']>
    try {
      changed = session.change(read.config)
    } catch (error) {
      return say('the config is not applied, the former one stays in force:', (error as Error).message)
    }
    const { applied, kept } = changed
    if (applied.length > 0) say(`the config has changed: ${applied.join(', ')}`)
    if (kept.length > 0) say(`the config has changed fields that only a restart can change: ${kept.join(', ')}`)
  }
  // The reloads run one after the other, so that the last file holds.
  let last = Promise.resolve()
  const next = () => {
    last = last.then(reload)
  }
  const stop = watched(file, next)
  process.on('SIGHUP', next)
  return () => {
    stop()
    process.off('SIGHUP', next)
  }
}

/** Watches the file where that is possible: some systems limit the number of watched folders, and some file systems cannot be watched. */
function watched(file: string, changed: () => void): () => void {
  try {
    return watchConfig(file, systemClock, changed)
  } catch (error) {
    say(`the config is not watched (${(error as Error).message}); send SIGHUP to have it read again`)
    return () => {}
  }
}

function say(first: string, ...more: readonly string[]): void {
  console.error([`ratelab: ${first}`, ...more.map((line) => `  ${line}`)].join('\n'))
}
