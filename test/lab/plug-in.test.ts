import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { prepareStudy } from '../../lab/study.ts'
import type { StudyOptions } from '../../lab/study-options.ts'
import burst from '../../scenarios/burst.ts'
import { stack } from '../../src/core/strategy.ts'
import type { Case, OwnStrategy, Scenario } from '../../src/scenario/scenario.ts'
import { resultOf } from './result-of.ts'

const scratch = mkdtempSync(join(tmpdir(), 'ratelab-plug-in-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const few: Case = { ...burst.cases[0]!, title: '40 calls at once', arrivals: { kind: 'at-once', calls: 40 } }
const small: Scenario = { ...burst, name: 'small', strategies: ['none'], cases: [few] }

function file(name: string, content: string): string {
  const path = join(scratch, name)
  writeFileSync(path, content)
  return path
}

const refused = (scenario: string | Scenario, options: StudyOptions): Promise<{ code: string; message: string }> =>
  prepareStudy(scenario, options).then(
    () => expect.unreachable('it was accepted'),
    (reason) => reason,
  )

const askTwice = `(next) => async (call) => {
  const reply = await next(call)
  return reply.kind === 'throttled' ? next(call) : reply
}`
const twice: OwnStrategy = {
  name: 'ask-twice',
  wrap: (next) => async (call) => {
    const reply = await next(call)
    return reply.kind === 'throttled' ? next(call) : reply
  },
}
const object = file('twice.ts', `export default { name: 'ask-twice', about: 'Asks twice.', wrap: ${askTwice} }`)
const made = file('made.ts', `export default ({ model }) => ({ name: 'for ' + model, wrap: ${askTwice} })`)

describe('a plug-in', () => {
  test('runs on workers, and gives the cells of the same strategy as an object', async () => {
    const { study, cells } = await resultOf(small, { seeds: [1, 2], strategies: ['none', object, made] })
    expect(study.cases[0]!.contestants).toMatchObject([
      { id: 'none' },
      { id: 'twice', label: 'ask-twice', about: 'Asks twice.', quotaText: '1 account' },
      { id: 'made', label: 'for qwen3-max' },
    ])
    const inThread = await resultOf(small, { seeds: [1, 2], strategies: ['none', twice] })
    const own = (strategy: string) =>
      cells.filter((cell) => cell.strategy === strategy).map((cell) => ({ ...cell, strategy: 'ask-twice' }))
    const expected = inThread.cells.filter(({ strategy }) => strategy === 'ask-twice')
    expect(own('twice')).toEqual(expected)
    expect(own('made')).toEqual(expected)
    expect(expected[0]!.summary.metrics.amplification).toBeGreaterThan(1)
  })

  test('is named by a scenario file with a path from that file, beside strategies and names with options', async () => {
    const cases = `[{ ...few, strategies: ['./twice.ts', own] }, { ...few, name: 'other', strategies: ['retry-full:attempts=3'] }]`
    const path = file(
      'scene.ts',
      `const own = { name: 'own', wrap: ${askTwice} }
      const few = ${JSON.stringify(few)}
      export default { ...${JSON.stringify(small)}, strategies: ['retry-full:attempts=3', './twice.ts', own], cases: ${cases} }`,
    )
    const { study, cells } = await resultOf(path, { seeds: [1] })
    expect(study.scenario.given).toBe(path)
    expect(study.cases.map(({ contestants }) => contestants.map(({ id }) => id))).toEqual([
      ['twice', 'own'],
      ['retry-full:attempts=3'],
    ])
    expect(cells.map(({ strategy }) => strategy)).toEqual(['twice', 'own', 'retry-full:attempts=3'])
    expect(cells[0]!.summary).toEqual(cells[1]!.summary)
  })

  test('keeps the study repeatable by `ratelab run`', async () => {
    const { facts } = await prepareStudy('burst', { strategies: ['none', object] })
    expect(facts.scenario.given).toBe('burst')
    expect(facts.changed).toContain(`--strategies none,${object}`)
  })

  test('cannot change the world of the others', async () => {
    const greedy = file(
      'greedy.ts',
      `export default (knowledge) => {
        knowledge.profile.models['qwen3-max'].limits[0].limit = 1e9
        knowledge.world.accounts.length = 0
        return { name: 'greedy', wrap: (next) => next }
      }`,
    )
    const { cells } = await resultOf(small, { seeds: [1], strategies: [greedy, 'none'] })
    expect(cells[0]!.summary).toEqual(cells[1]!.summary)
  })

  test('has a name of its own among the strategies of a study', async () => {
    mkdirSync(join(scratch, 'other'))
    const namesake = file('other/twice.ts', `export default { name: 'another', wrap: ${askTwice} }`)
    const { message } = await refused(small, { strategies: [object, namesake] })
    expect(message).toContain('`options.strategies[1]` to differ from `options.strategies[0]`, got "twice" twice')
    const spelled = await refused(small, { strategies: ['pace:perSecond=2', 'pace:perSecond=2.0'] })
    expect(spelled.message).toContain('got "pace:perSecond=2" twice')
    const ofScenario = await refused({ ...small, strategies: [object, { ...stack(), name: 'twice' }] }, {})
    expect(ofScenario.message).toContain('`strategies[1]` to differ from `strategies[0]`, got "twice" twice')
  })
})

describe('a plug-in that does not load is told before any run', () => {
  mkdirSync(join(scratch, 'folder.ts'))
  test.each([
    ['a missing file', 'STRATEGY_UNKNOWN', join(scratch, 'nowhere.ts'), /nowhere\.ts": there is no such file/],
    ['a folder', 'STRATEGY_UNKNOWN', join(scratch, 'folder.ts'), /folder\.ts": it is a folder/],
    ['another ending', 'STRATEGY_UNKNOWN', file('notes.md', 'x'), /notes\.md": its name does not end with \.ts, /],
    [
      'a throw at load',
      'STRATEGY_INVALID',
      file('a.ts', "\nthrow new Error('ouch')"),
      /a\.ts to load as a plug-in, but it throws: Error: ouch/,
    ],
    ['no default export', 'STRATEGY_INVALID', file('b.ts', 'export const x = 1'), /b\.ts to have a default export/],
    [
      'a number',
      'STRATEGY_INVALID',
      file('c.ts', 'export default 7'),
      /a strategy \(name and wrap\), got 7 \(in \S+c\.ts\)/,
    ],
    [
      'no name',
      'STRATEGY_INVALID',
      file('d.ts', 'export default { wrap() {} }'),
      /`strategy\.name` to be a text .* \(in \S+d\.ts\)/,
    ],
    [
      'a function that throws',
      'STRATEGY_INVALID',
      file('e.ts', "export default () => {\n  throw new RangeError('no')\n}"),
      /e\.ts to make a strategy, but it throws: RangeError: no/,
    ],
    [
      'a function that makes nothing',
      'STRATEGY_INVALID',
      file('f.ts', 'export default () => {}'),
      /a strategy \(name and wrap\), got undefined \(in \S+f\.ts\)/,
    ],
    [
      'a getter that throws',
      'STRATEGY_INVALID',
      file('g.ts', "export default {\n  get wrap() { throw new Error('got') } }"),
      /to be readable, but it throws: Error: got/,
    ],
    [
      'an unknown account',
      'STRATEGY_UNSUPPORTED',
      file('h.ts', "export default { name: 'h', wrap: (n) => n, accounts: ['mian'] }"),
      /`options\.strategies\[0\]\.accounts\[0\]` to be one of main, .*did you mean main\?/,
    ],
  ])('%s', async (_what, code, path, expected) => {
    const { code: found, message } = await refused(small, { strategies: [path] })
    expect(message).toMatch(expected)
    expect(found).toBe(code)
  })

  test('with the problems of all of them at once', async () => {
    const { message } = await refused(small, { strategies: [join(scratch, 'x.ts'), join(scratch, 'y.ts')] })
    expect(message).toMatch(/^2 problems:\n[\s\S]*x\.ts[\s\S]*y\.ts/)
  })
})

describe('a plug-in that does wrong has no row, but its name, file and line; the rows of the others are right', () => {
  const others = resultOf(small, { seeds: [3, 4], strategies: ['none'] })

  test.each<[what: string, wrap: string, expected: RegExp, hasLine: boolean]>([
    ['throws in wrap', "() => {\n  throw new TypeError('w') }", /it throws TypeError: w/, true],
    [
      'throws while it sends',
      "(next) => async (call) => {\n  if (call.id === 3) throw new TypeError('s')\n  return next(call) }",
      /it throws TypeError: s/,
      true,
    ],
    ['throws what is no error', '() => async () => { throw { toString: 3 } }', /it throws an object/, false],
    [
      'throws an error that cannot be read',
      "() => async () => { throw Object.assign(new Error(), { name: Symbol('x'), stack: 3 }) }",
      /its error cannot be read/,
      false,
    ],
    ['makes no function', '() => 3', /`wrap` to return a function, got 3/, false],
    ['returns no promise', '() => () => 7', /to return a promise of a reply, got 7/, false],
    [
      'returns no reply',
      "() => async () => 'yes'",
      /to return a reply, whose `kind` is ok, throttled or failed, got "yes"/,
      false,
    ],
    ['returns nothing', '() => async () => {}', /to return a reply, .*got undefined/, false],
    [
      'never settles a call',
      '(next) => (call) => call.id === 5 ? new Promise(() => {}) : next(call)',
      /to settle the promise of every call, but 1 of 40 never settled/,
      false,
    ],
    [
      'waits for a time that is no number',
      '(next, { clock }) => async (call) => {\n  await clock.sleep(NaN); return next(call) }',
      /`ms` to be a whole number, got NaN/,
      true,
    ],
    [
      'reads the real clock',
      '(next) => async (call) => {\n  Date.now(); return next(call) }',
      /`env\.clock\.now\(\)`, but it uses Date\.now/,
      true,
    ],
    [
      'makes a date of the present',
      '(next) => async (call) => {\n  new Date(); return next(call) }',
      /but it uses Date /,
      true,
    ],
    [
      'waits in real time',
      '(next) => async (call) => {\n  await new Promise((r) => setTimeout(r, 5)); return next(call) }',
      /`env\.clock\.sleep\(ms, call\.signal\)`, but it uses setTimeout/,
      true,
    ],
    [
      'draws from Math.random and catches the error',
      '(next) => async (call) => {\n  try { Math.random() } catch {} return next(call) }',
      /`env\.random\.next\(\)`, but it uses Math\.random/,
      true,
    ],
  ])('%s', async (_what, wrap, expected, hasLine) => {
    const path = file('wrong.ts', `export default { name: 'wrong', wrap: ${wrap} }`)
    const { study, cells, comparison } = await resultOf(small, { seeds: [3, 4], strategies: ['none', path] })
    expect(cells).toEqual((await others).cells)
    expect(comparison.cases[0]!.rows.map(({ id }) => id)).toEqual(['none'])
    expect(comparison.failed).toEqual(study.failed)
    const [{ id, message } = { id: '', message: '' }, ...more] = study.failed ?? []
    expect([id, more]).toEqual(['wrong', []])
    expect(message).toMatch(expected)
    expect(message).toContain(`Expected wrong (${path}) to answer every call, but: `)
    expect(message).toContain('(in case batch, strategy wrong, seed 3)')
    expect(message).not.toMatch(/^ +at /m)
    if (hasLine) expect(message).toContain(`\n  ${path}:2`)
  })

  test('in the calling thread, too, and the first failing job is the one that is told', async () => {
    const wrong = { name: 'wrong', wrap: () => () => Promise.reject(new Error('no')) }
    const { study, cells } = await resultOf(small, { seeds: [4, 3], strategies: [wrong, 'none'] })
    expect(study.failed).toEqual([{ id: 'wrong', message: expect.stringContaining('seed 4)') }])
    expect(cells.map(({ strategy, seed }) => [strategy, seed])).toEqual([
      ['none', 4],
      ['none', 3],
    ])
  })

  test('where no other strategy is left, the study ends with the errors of all', async () => {
    const path = file('alone.ts', "export default { name: 'alone', wrap: () => 3 }")
    const wrong = file('also.ts', "export default { name: 'also', wrap: () => 3 }")
    await expect(resultOf(small, { seeds: [3], strategies: [path, wrong] })).rejects.toMatchObject({
      name: 'InputError',
      code: 'STRATEGY_FAILED',
      message: expect.stringMatching(/^2 problems:\n.*alone[\s\S]*also/),
    })
  })

  test('an error that nothing catches and an end of its thread end the study', async () => {
    const floating = file(
      'floating.ts',
      "export default { name: 'x', wrap: (next) => (call) => {\n  Promise.reject(new Error('lost')); return next(call) } }",
    )
    await expect(resultOf(small, { seeds: [3], strategies: [floating] })).rejects.toMatchObject({
      code: 'WORKER_ENDED',
      message: expect.stringMatching(
        /it throws Error: lost \(in case batch, strategy floating, seed 3\)\n {2}\S+floating\.ts:2$/,
      ),
    })
    const exits = file('exits.ts', "export default { name: 'x', wrap: () => () => process.exit(0) }")
    await expect(resultOf(small, { seeds: [3], strategies: [exits] })).rejects.toMatchObject({
      code: 'WORKER_ENDED',
      message: expect.stringContaining('it ended with code 0 (in case batch, strategy exits, seed 3)'),
    })
  })

  test('a date of a given instant is no reading of the clock', async () => {
    const dated = file(
      'dated.ts',
      "export default { name: 'x', wrap: (next) => (call) => { new Date(0).toISOString(); return next(call) } }",
    )
    expect((await resultOf(small, { seeds: [3], strategies: [dated] })).cells).toHaveLength(1)
  })
})
