import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { knowledgeOfOneAccount } from '../../lab/catalogue/client-knowledge.ts'
import { namedEntry } from '../../lab/catalogue/named-entry.ts'
import { portableEntries, portableFor } from '../../lab/catalogue/portable-entries.ts'
import { cellLines, cellsFile } from '../../lab/cells/cell-lines.ts'
import { k6Facts, k6Result } from '../../lab/load/k6-study.ts'
import type { StudyResult } from '../../lab/study.ts'
import { mock } from '../../sim/mock/mock.ts'
import { profiles } from '../../sim/profiles/profiles.ts'
import { defaultSeed, oneAccount } from '../../sim/setup/defaults.ts'
import { serve } from '../../sim/skins/http/server.ts'
import { wallTimeline } from '../../sim/time/wall-timeline.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { oneOf } from '../../src/checks/shape.ts'
import { show } from '../../src/core/expect.ts'
import { expectFolder } from '../flags/option-values.ts'
import { codeAfter } from '../process/exit.ts'
import { print } from '../process/output.ts'
import { folderName } from '../report/folder-name.ts'
import { writePrepared } from '../report/prepared-files.ts'
import { reportFiles, showReport } from '../report/report.ts'
import { ReportFolder } from '../report/report-folder.ts'

const k6Scripts = ['burst', 'steady'] as const

/** The model that the scripts call. */
const model = 'qwen3-max'

/** The flags of `ratelab k6`. */
export interface K6Options {
  /** The name of a strategy in the catalogue, for `burst`. */
  readonly strategy: string
  /** The number of calls that `burst` sends at once. */
  readonly calls: number
  /** The speed of the mock's clock as a multiple of real time. */
  readonly speed: number
  /** The name of the profile, which gives limits and spellings. */
  readonly profile: string
  /** The folder in which the report's folder is. */
  readonly out: string
}

/**
 * Starts a mock and runs a script of `scenarios/k6/` against it in k6. Sets the exit code of the process to k6's. Throws an
 * `InputError` for an unknown script, profile or strategy, and when k6 cannot be run, and an `OutputError` when no report can be written.
 */
export async function k6Command(script: string, options: K6Options): Promise<void> {
  const [problem] = [
    ...oneOf(k6Scripts)('script', script),
    ...oneOf(Object.keys(profiles))('--profile', options.profile),
  ]
  if (problem !== undefined) throw new InputError(problem)
  expectFolder(options.out)
  if (script === 'burst') expectStrategy(options)
  const k6 = findK6()
  const timeline = wallTimeline({ speed: options.speed })
  let sent: string | undefined
  const control = {
    async fetch(request: Request) {
      sent = await request.text()
      return new Response(null, { status: 204 })
    },
  }
  const server = await serve(mock({ timeline, profile: options.profile, accounts: oneAccount }), { control })
  const address = `${server.origin}/compatible-mode/v1`
  const settings = {
    RATELAB_BASE_URL: address,
    RATELAB_RECORD_URL: `${server.origin}/_ratelab/calls`,
    RATELAB_KEY: oneAccount[0]!.keys[0]!,
    RATELAB_MODEL: model,
    RATELAB_PROFILE: options.profile,
    RATELAB_SPEED: String(options.speed),
    RATELAB_CALLS: String(options.calls),
    RATELAB_STRATEGY: options.strategy,
  }
  print(
    `A mock DashScope listens on ${server.origin} (profile ${options.profile}, ${options.speed} times real time).\n`,
  )
  const run = { ...options, model, address, seed: defaultSeed }
  let folder: ReportFolder | undefined
  try {
    if (script === 'burst')
      folder = await ReportFolder.open(options.out, folderName(k6Facts(run)), 'Name another folder with --out DIR.')
    process.exitCode = await runScript(k6, scriptPath(script), settings)
    if (folder && sent !== undefined) await report(k6Result(run, sent), folder)
  } finally {
    if (!folder?.isWritten) await folder?.discard()
    await server.close()
    timeline.stop()
  }
}

/** Prints and writes the report of a strategy that ran inside k6. */
async function report(result: StudyResult, folder: ReportFolder): Promise<void> {
  const { comparison } = result
  await showReport({ comparison }, { format: 'terminal' })
  const cells = { files: { [cellsFile]: cellLines(result) }, note: '' }
  await writePrepared(folder, [cells, await reportFiles({ comparison }, folder.path)])
}

/** Throws for a strategy that does not run inside k6, or that needs a second account or a gateway, which the mock does not have. */
function expectStrategy({ strategy, profile }: K6Options): void {
  namedEntry(portableEntries, strategy)
  const names = portableFor(knowledgeOfOneAccount(profile, model, oneAccount[0]!.keys))
  if (names.includes(strategy)) return
  throw new InputError(
    `Expected \`--strategy\` to be one that needs no second account, no gateway and no Batch Chat (${names.join(', ')}), ` +
      `got ${show(strategy)}: the script for k6 has one address and one account`,
    'STRATEGY_UNSUPPORTED',
  )
}

/** Returns the path of a script. It is a source file in a checkout, and a built file in the published package. */
function scriptPath(script: string): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return fileURLToPath(new URL(`../../scenarios/k6/${script}.${extension}`, import.meta.url))
}

/** Returns the path of k6: that of `RATELAB_K6`, else one on the search path, else the one that `go install` writes. */
function findK6(): string {
  const given = process.env.RATELAB_K6
  const name = process.platform === 'win32' ? 'k6.exe' : 'k6'
  const folders = [
    ...(process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':'),
    join(homedir(), 'go', 'bin'),
  ]
  const found =
    given ??
    folders
      .filter(Boolean)
      .map((folder) => join(folder, name))
      .find(existsSync)
  if (found !== undefined && existsSync(found)) return found
  throw new InputError(
    `Expected to find k6${given === undefined ? ' on the search path' : ` at RATELAB_K6=${given}`}, but it is not there. ` +
      'Install it with `go install go.k6.io/k6@v1.8.1`, or see https://grafana.com/docs/k6/latest/set-up/install-k6/.',
    'K6_UNAVAILABLE',
  )
}

/** The signals that may reach this process alone. When they end it, k6 must not live on. */
const passedOn = ['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/** Runs a script in k6 and resolves with k6's exit code. */
function runScript(k6: string, script: string, settings: Readonly<Record<string, string>>): Promise<number> {
  const variables = Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`])
  return new Promise((resolve, reject) => {
    // The terminal sends Ctrl-C to k6 as well. k6 then prints its results and ends, so this process waits for it.
    const onInterrupt = () => {}
    process.on('SIGINT', onInterrupt)
    // A signal may come as soon as k6 runs.
    const passOn = (signal: NodeJS.Signals) => child.kill(signal)
    for (const signal of passedOn) process.on(signal, passOn)
    const child = spawn(k6, ['run', '--no-usage-report', ...variables, script], { stdio: 'inherit' })
    child.on('error', (error) =>
      reject(new InputError(`Expected to be able to run ${k6}, but: ${error.message}`, 'K6_UNAVAILABLE')),
    )
    child.on('close', (code, signal) => {
      process.off('SIGINT', onInterrupt)
      for (const each of passedOn) process.off(each, passOn)
      resolve(code ?? codeAfter(signal!))
    })
  })
}
