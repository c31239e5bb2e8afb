import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { prepareStudy } from '../../lab/study.ts'
import type { StudyOptions } from '../../lab/study-options.ts'
import { stack } from '../../src/core/strategy.ts'
import type { OwnStrategy, Scenario } from '../../src/scenario/scenario.ts'
import { scratchFolder } from '../scratch-folder.ts'
import { resultOf } from './result-of.ts'
import { few, small } from './small-study.ts'

const { scratch, file } = scratchFolder('plug-in')

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
    ['no regular file', 'STRATEGY_UNKNOWN', '/dev/null', /"\/dev\/null": it is no regular file/],
    [
      'options behind a path',
      'STRATEGY_UNKNOWN',
      `${object}:attempts=3`,
      /only a name of the catalogue may have options, and "attempts=3" follows the path \S+twice\.ts$/,
    ],
    [
      'a proxy whose traps throw',
      'STRATEGY_INVALID',
      file(
        'i.ts',
        "export default new Proxy({}, { get() { throw new Error('trap') }, getPrototypeOf() { throw 1 }, ownKeys() { throw 1 } })",
      ),
      /i\.ts to be readable, but it throws: Error: trap|the strategy to be readable, but it throws: Error: trap/,
    ],
    [
      'a `then` that never calls back',
      'STRATEGY_INVALID',
      file('j.ts', 'export default { then() {} }'),
      /a strategy \(name and wrap\), got an object \(in \S+j\.ts\)/,
    ],
    [
      'a thrown proxy at load',
      'STRATEGY_INVALID',
      file('k.ts', 'throw new Proxy(new Error(), { get() { throw 1 }, getPrototypeOf() { throw 1 } })'),
      /k\.ts to load as a plug-in, but it throws: its error cannot be read/,
    ],
    [
      'a function that throws a proxy',
      'STRATEGY_INVALID',
      file('l.ts', 'export default () => { throw new Proxy({}, { getPrototypeOf() { throw 1 } }) }'),
      /l\.ts to make a strategy, but it throws: its error cannot be read/,
    ],
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

  test('and its fields are read only once', async () => {
    const path = file(
      'once.ts',
      `let reads = 0
      export default { wrap: (next) => next, get name() { if (++reads > 3) throw new Error('again'); return 'once' } }`,
    )
    expect((await resultOf(small, { seeds: [3, 4], strategies: [path] })).cells).toHaveLength(2)
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
    [
      'throws a proxy whose traps throw',
      '() => async () => { throw new Proxy({}, { getPrototypeOf() { throw 1 } }) }',
      /its error cannot be read/,
      false,
    ],
    [
      'throws a proxy in wrap',
      '() => { throw new Proxy(new Error(), { get() { throw 1 } }) }',
      /its error cannot be read/,
      false,
    ],
    [
      'throws an error with the class of ratelab’s own',
      "() => async () => { throw Object.assign(new Error('i'), { name: 'InputError', code: 'SCENARIO_INVALID' }) }",
      /it throws InputError: i/,
      false,
    ],
    [
      'returns a reply whose `kind` throws',
      "() => async () => ({\n get kind() { throw new Error('k') } })",
      /it throws Error: k/,
      true,
    ],
    [
      'returns a revoked proxy',
      '() => async () => { const { proxy, revoke } = Proxy.revocable([], {}); revoke(); return proxy }',
      /it throws TypeError: .*revoked/,
      false,
    ],
    [
      'makes up a reply',
      "() => async () => ({ kind: 'ok' })",
      /call 0 has an ok reply and sent no attempt at it/,
      false,
    ],
    [
      'makes up a frozen reply',
      "() => async () => Object.freeze({ kind: 'ok', usage: { promptTokens: NaN, outputTokens: -1 }, model: 'qwen3-max', body: null })",
      /call 0 has an ok reply and sent no attempt at it/,
      false,
    ],
    [
      'sends to an endpoint that is not there',
      "(next) => (call) => next({ ...call, target: { ...call.target, endpoint: 'nowhere' } })",
      /`target\.endpoint` to be one of dashscope, batch, proxy, got "nowhere"/,
      false,
    ],
    ['sends what is no call', '(next) => () => next({})', /it throws TypeError: /, false],
    ['sends nothing', '(next) => () => next()', /it throws TypeError: /, false],
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

  test.each<[what: string, wrap: string, expected: RegExp]>([
    [
      'loses an error',
      "(next) => (call) => {\n  Promise.reject(new Error('lost')); return next(call) }",
      /an error is not caught: it throws Error: lost \(in case batch, strategy ends, seed 3\)\n {2}\S+ends\.ts:2$/,
    ],
    [
      'loses what is no error',
      '(next) => (call) => {\n  Promise.reject({ then: 3 }); return next(call) }',
      /an error is not caught: it throws UnhandledPromiseRejection: .*\(in case batch, strategy ends, seed 3\)$/,
    ],
    [
      'loses a proxy whose traps throw',
      '(next) => (call) => {\n  Promise.reject(new Proxy({}, { getPrototypeOf() { throw 1 }, get() { throw 2 } })); return next(call) }',
      /an error is not caught: .*\(in case batch, strategy ends, seed 3\)$/,
    ],
    [
      'ends its thread',
      '() => () => process.exit(0)',
      /it ends its thread with code 0 \(in case batch, strategy ends, seed 3\)$/,
    ],
  ])('%s', async (_what, wrap, expected) => {
    const path = file('ends.ts', `export default { name: 'ends', wrap: ${wrap} }`)
    const { study, cells } = await resultOf(small, { seeds: [3, 4], strategies: [path, 'none'] })
    expect(cells).toEqual((await others).cells)
    expect(study.failed).toEqual([{ id: 'ends', message: expect.stringMatching(expected) }])
    expect(study.failed![0]!.message).toContain(`Expected ends (${path}) to answer every call, but: `)
  })
})
