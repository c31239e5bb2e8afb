import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { prepareStudy } from '../../lab/study.ts'
import packageJson from '../../package.json' with { type: 'json' }
import burst from '../../scenarios/burst.ts'
import { scratchFolder } from '../scratch-folder.ts'

const { scratch } = scratchFolder('origin')

const originOf = async (...args: Parameters<typeof prepareStudy>) => (await prepareStudy(...args)).origin()

test('the origin has the version and the code of ratelab, and is the same for the same study', async () => {
  const origin = await originOf('burst')
  expect(origin).toEqual({
    version: packageJson.version,
    code: expect.stringMatching(/^[0-9a-f]{32}$/),
    input: expect.stringMatching(/^[0-9a-f]{32}$/),
  })
  expect(await originOf('burst')).toEqual(origin)
})

test('the input has the content of a plug-in, and not its path', async () => {
  const inputIn = async (folder: string, perSecond: number) => {
    mkdirSync(join(scratch, folder), { recursive: true })
    const path = join(scratch, folder, 'study.js')
    const scenario = { ...burst, name: 'own', strategies: ['./mine.js'], cases: burst.cases.slice(0, 1) }
    writeFileSync(path, `export default ${JSON.stringify(scenario)}`)
    const wrap = '(send) => (call) => send(call)'
    writeFileSync(join(scratch, folder, 'mine.js'), `export default { name: 'at ${perSecond}', wrap: ${wrap} }`)
    return (await originOf(path)).input
  }
  expect(await inputIn('a', 1)).toBe(await inputIn('b', 1))
  expect(await inputIn('a', 1)).not.toBe(await inputIn('c', 2))
})

test('the input tells the content of the scenario’s file, of the trace, of generators and of own strategies apart', async () => {
  const path = join(scratch, 'own.js')
  const inputOfFile = async (text: string) => {
    writeFileSync(path, text)
    return (await originOf(path)).input
  }
  const source = `export default ${JSON.stringify({ ...burst, name: 'own' })}`
  const before = await inputOfFile(source)
  expect(await inputOfFile(`${source}\n`)).not.toBe(before)
  expect(await inputOfFile(source)).toBe(before)

  const trace = join(scratch, 'trace.csv')
  const inputOfTrace = async (tokens: number) => {
    writeFileSync(trace, `TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:10.1234567,${tokens},20`)
    return (await originOf('replay', { trace })).input
  }
  expect(await inputOfTrace(100)).not.toBe(await inputOfTrace(101))

  const generated = (generate: () => number[]) =>
    originOf({ ...burst, cases: [{ ...burst.cases[0]!, title: 'x', arrivals: { kind: 'custom', generate } }] })
  expect(await generated(() => [0])).toEqual(await generated(() => [0]))
  expect((await generated(() => [0])).input).not.toBe((await generated(() => [1])).input)

  const inputOfStrategy = async (wrap: () => never) =>
    (await originOf('burst', { strategies: [{ name: 'mine', wrap }] })).input
  const fails = (): never => {
    throw new Error('a')
  }
  const failsOtherwise = (): never => {
    throw new Error('b')
  }
  expect(await inputOfStrategy(fails)).not.toBe(await inputOfStrategy(failsOtherwise))
})
