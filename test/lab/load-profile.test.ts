import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadedProfile } from '../../lab/load-profile.ts'
import { prepareStudy, runStudy } from '../../lab/study.ts'
import { article } from '../../sim/profiles/article.ts'
import type { Profile } from '../../src/scenario/profile.ts'
import { scratchFolder } from '../scratch-folder.ts'
import { resultOf } from './result-of.ts'
import { small } from './small-study.ts'

const { scratch, file } = scratchFolder('profile')

const wide: Profile = {
  ...article,
  name: 'wide',
  title: 'Twenty calls a second',
  models: {
    'qwen3-max': { ...article.models['qwen3-max']!, limits: [{ rule: 'rps', limit: 20, window: 1000 }] },
  },
}
const source = JSON.stringify(wide)
  // JSON has no Infinity, which is the length of the last tier in some profiles.
  .replaceAll('null', 'Infinity')
const path = file('wide.ts', `export default ${source}`)
const options = { seeds: [1], set: ['burstGuard=false'] }

describe('a profile of one’s own', () => {
  test('gives the same cells by its path, as an object, and in a scenario, in a worker and in this thread', async () => {
    const scene = file(
      'scene.ts',
      `export default ${JSON.stringify({ ...small, world: { ...small.world, profile: './wide.ts' } })}`,
    )
    const results = await Promise.all([
      resultOf(small, { ...options, profile: path }),
      resultOf(small, { ...options, profile: wide }),
      resultOf({ ...small, world: { ...small.world, profile: wide } }, options),
      resultOf({ ...small, world: { ...small.world, profile: path } }, options),
      resultOf(scene, options),
      resultOf({ ...small, strategies: [{ name: 'none', wrap: (next) => next }] }, { ...options, profile: path }),
    ])
    const { study, cells } = results[0]
    expect(study.profile).toEqual({ name: 'wide', title: 'Twenty calls a second', currency: 'USD' })
    expect(cells.map(({ summary }) => summary.outcomes.ok)).toEqual([20])
    for (const each of results) expect(each.cells).toEqual(cells)
  })

  test('is named in the command that repeats the study, when it has a path', async () => {
    const ofPath = await prepareStudy('burst', { ...options, profile: path, strategies: ['none'] })
    expect(ofPath.facts.changed).toContain(`--profile ${path}`)
    expect(ofPath.facts.scenario.given).toBe('burst')
    const ofObject = await prepareStudy('burst', { ...options, profile: wide, strategies: ['none'] })
    expect(ofObject.facts.changed).toContain('--profile wide')
    expect(ofObject.facts.scenario.given).toBeUndefined()
  })

  test('is a part of the origin of a study by its content, and not by its path', async () => {
    const origin = async (profile: string | Profile) =>
      (await prepareStudy(small, { ...options, profile }).then((study) => study.origin())).input
    const copy = file('copy.ts', `// another file\nexport default ${source}`)
    const other = file('other.ts', `export default ${source.replace('"limit":20', '"limit":21')}`)
    expect(await origin(copy)).toBe(await origin(path))
    expect(await origin(wide)).toBe(await origin(path))
    expect(await origin(other)).not.toBe(await origin(path))
  })

  test('limits the fallback to the models that it has', async () => {
    const { study } = await resultOf(small, { ...options, profile: path, strategies: ['bare-fallback'] })
    expect(study.cases[0]!.contestants[0]).toMatchObject({
      label: 'articleFallback(qwen3-max)',
      quotaText: '1 account',
    })
  })

  test('without a request limit says so where an option follows from it', async () => {
    const { models } = wide
    const free = { ...wide, models: { 'qwen3-max': { ...models['qwen3-max']!, limits: [] } } }
    await expect(runStudy(small, { ...options, profile: free, strategies: ['queue'] })).rejects.toThrow(
      /in queue, whose options are rpm\); its default follows from the limits on requests, and the profile wide has none for qwen3-max: give/,
    )
  })
})

describe('a file that is no profile', () => {
  test.each<[string, string, string, RegExp]>([
    ['is not there', 'none.ts', '', /^Expected the path of a profile, got ".*none.ts": there is no such file$/],
    ['is a folder', 'folder', '', /^Expected the path of a profile, got ".*folder": it is a folder$/],
    ['does not end as a module', 'p.json', '{}', /p.json": its name does not end with .ts, .js, .mts, .mjs$/],
    [
      'has no default export',
      'empty.ts',
      'export const x = 1',
      /empty.ts to have a default export .* satisfies Profile`\), got none$/,
    ],
    ['throws', 'throws.ts', '\nthrow new Error("no")', /throws.ts to load as a profile, but it throws: Error: no/],
    [
      'exports a name',
      'name.ts',
      'export default "intl"',
      /^Expected the default export to be a profile, got a text \(in .*name.ts\)$/,
    ],
    ['exports nonsense', 'list.ts', 'export default [1]', /got a list \(in .*list.ts\)$/],
    [
      'has the name of a built-in one',
      'intl.ts',
      `export default ${source.replace('"wide"', '"intl"')}`,
      /^Expected `profile.name` to differ from the names of the built-in profiles, got "intl" \(in/,
    ],
    [
      'has a getter that throws',
      'getter.ts',
      'export default { get name() { throw new Error("no") } }',
      /getter.ts to be readable, but it throws: Error: no/,
    ],
    [
      'is a proxy whose traps throw',
      'proxy.ts',
      'export default new Proxy({}, { get() { throw new Error("trap") }, ownKeys() { throw new Error("trap") } })',
      /proxy.ts to be readable, but it throws: Error: trap/,
    ],
    [
      'has a `then` that never calls back',
      'then.ts',
      'export default { then() {} }',
      /`profile` to have no fields but .*, got "then" \(in/,
    ],
    [
      'throws a proxy',
      'thrown.ts',
      'throw new Proxy({}, { getPrototypeOf() { throw 1 } })',
      /thrown.ts to load as a profile, but it throws: its error cannot be read/,
    ],
  ])('is told when it %s', async (_what, name, content, message) => {
    if (name === 'folder') mkdirSync(join(scratch, name))
    else if (content !== '') file(name, content)
    const error: { code: string; message: string } = await loadedProfile(join(scratch, name)).catch((reason) => reason)
    expect(error.message).toMatch(message)
    expect(error.code).toBe(content === '' || name.endsWith('.json') ? 'PROFILE_NOT_FOUND' : 'PROFILE_INVALID')
    await expect(prepareStudy(small, { profile: join(scratch, name) })).rejects.toThrow(message)
  })
})
