import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')
const scratch = mkdtempSync(join(tmpdir(), 'ratelab-package-'))
const tools = join(scratch, 'tools')
const quietly = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']

/** Programs that the tests run and that this machine may lack, each with the version that is installed for them. */
const toolVersions = {
  pnpm: 'pnpm@12',
  yarn: 'yarn@1',
  oldNpm: 'npm@npm:npm@8',
  node22: 'node22@npm:node@22',
  node18: 'node18@npm:node@18',
}

export type NodeName = 'Node 24' | 'Node 22' | 'Node 18'
const nodes: Readonly<Record<NodeName, string>> = {
  'Node 24': process.execPath,
  'Node 22': join(tools, 'node_modules/node22/bin/node'),
  'Node 18': join(tools, 'node_modules/node18/bin/node'),
}

/** Each client, with the command by which it installs packages. */
export const clients = {
  npm: ['npm', 'install', ...quietly],
  'npm 8': ['node', join(tools, 'node_modules/npm/bin/npm-cli.js'), 'install', ...quietly],
  pnpm: [join(tools, 'node_modules/.bin/pnpm'), 'add', '--store-dir', join(scratch, 'pnpm-store')],
  'yarn 1': [
    'node',
    join(tools, 'node_modules/yarn/bin/yarn.js'),
    'add',
    '--cache-folder',
    join(scratch, 'yarn-cache'),
  ],
} as const satisfies Record<string, readonly string[]>

export type Client = keyof typeof clients

/** Runs a program of a project. `node` in it, and in whatever it starts, is that of the given name. */
export function runIn(folder: string, node: NodeName, command: readonly string[]): SpawnSyncReturns<string> {
  const [program = '', ...args] = command
  const path = [dirname(nodes[node]), process.env.PATH].join(delimiter)
  return spawnSync(program === 'node' ? nodes[node] : program, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: path, NO_COLOR: '1' },
    timeout: 120_000,
  })
}

/** Builds and packs ratelab. Returns the path of the tarball. */
export function packed(): string {
  const { status, stdout, stderr } = runIn(root, 'Node 24', ['npm', 'pack', '--pack-destination', scratch])
  if (status !== 0) throw new Error(stdout + stderr)
  return join(scratch, readdirSync(scratch).find((name) => name.endsWith('.tgz'))!)
}

/** Installs the tools. Returns why that failed, or undefined. */
export function toolsFault(): string | undefined {
  mkdirSync(tools)
  writeFileSync(
    join(tools, 'package.json'),
    JSON.stringify({ private: true, allowScripts: { node18: true, node22: true, pnpm: true, yarn: false } }),
  )
  const { status, stderr } = runIn(tools, 'Node 24', ['npm', 'install', ...quietly, ...Object.values(toolVersions)])
  return status === 0 ? undefined : `npm could not install ${Object.values(toolVersions).join(', ')}: ${stderr}`
}

/** Makes an empty project in which nothing is installed. Returns its folder. */
export function emptyProject(name: string): string {
  const folder = join(scratch, name.replace(' ', '-'))
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'mine', private: true, type: 'module' }))
  return folder
}

/** Copies files of the examples into a project. */
export function copyExamples(folder: string, names: readonly string[]): void {
  for (const name of names) cpSync(join(root, 'examples', name), join(folder, name))
}

/** The paths of all files below a folder. */
export function filesBelow(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort() : []
}

export function removeScratch(): void {
  rmSync(scratch, { recursive: true, force: true })
}
