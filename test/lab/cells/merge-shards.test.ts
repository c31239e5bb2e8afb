import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { cellLines } from '../../../lab/cells/cell-lines.ts'
import { type MergedResult, mergeShards } from '../../../lab/cells/merge-shards.ts'
import { type Shard, shardCells } from '../../../lab/cells/shard.ts'
import { type ShardHeader, shardLines } from '../../../lab/cells/shard-lines.ts'
import { prepareStudy, type StudyResult } from '../../../lab/study.ts'
import type { StudyOptions } from '../../../lab/study-options.ts'
import burst from '../../../scenarios/burst.ts'
import { InputError } from '../../../src/checks/input-error.ts'
import type { RawResult } from '../../../src/compare/raw-result.ts'
import type { Scenario } from '../../../src/scenario/scenario.ts'
import { anyStudy } from '../../golden/any-study.ts'
import { scratchFolder } from '../../scratch-folder.ts'
import { resultOf } from '../result-of.ts'

const { scratch } = scratchFolder('shards')

const origin = { version: '1.2.3', code: 'c0de', input: '1234' }
const thresholds = ['success>=99%', 'waitP95<30s']

/** Returns the lines of the file of each shard. `changes` replaces parts of the header of all. */
function filesOf({ study, cells }: RawResult, count: number, changes: Partial<ShardHeader> = {}): string[][] {
  return Array.from({ length: count }, (_, i) => {
    const shard: Shard = { index: i + 1, count }
    const own = shardCells(study, shard).map((index) => cells[index]!)
    return [...shardLines({ origin, shard, study, thresholds, ...changes }, own)]
  })
}

/** Writes files and merges them. */
function merged(files: readonly (readonly string[])[]): Promise<MergedResult> {
  const folder = mkdtempSync(join(scratch, 'shards-'))
  const paths = files.map((lines, i) => {
    const path = join(folder, `${i}.jsonl`)
    writeFileSync(path, lines.join(''))
    return path
  })
  return mergeShards(paths)
}

/** Any study with a number of shards, and the order in which the files are given. */
const anyShards = anyStudy.chain((result) =>
  fc.integer({ min: 1, max: Math.min(5, result.cells.length) }).chain((count) =>
    fc.record({
      result: fc.constant(result),
      count: fc.constant(count),
      order: fc.shuffledSubarray([...new Array(count).keys()], { minLength: count }),
    }),
  ),
)

describe('any study in any number of shards', () => {
  test.prop([anyShards])('is merged to the very bytes of one run, in any order of the files', async (given) => {
    const { result, count, order } = given
    const files = filesOf(result, count)
    const merge = await merged(order.map((i) => files[i]!))
    expect(merge).toEqual({ ...result, thresholds })
    expect([...cellLines(merge)]).toEqual([...cellLines(result)])
  })

  test.prop([anyShards, fc.nat()])(
    'is refused when a cell is dropped, doubled, or moved to another shard',
    async ({ result, count, order }, number) => {
      const files = filesOf(result, count)
      const file = files[order[0]!]!
      const line = 1 + (number % (file.length - 1))
      const withFile = (changed: string[]) => files.with(order[0]!, changed)
      await expect(merged(withFile(file.toSpliced(line, 1)))).rejects.toMatchObject({ code: 'CELLS_INVALID' })
      await expect(merged(withFile([...file, file[line]!]))).rejects.toMatchObject({ code: 'CELLS_INVALID' })
      if (count > 1) {
        const moved = withFile(file.toSpliced(line, 1)).with(order[1]!, [...files[order[1]!]!, file[line]!])
        await expect(merged(moved)).rejects.toMatchObject({ code: 'CELLS_INVALID' })
      }
    },
  )

  test.prop([anyShards, fc.nat()])(
    'is refused when a digit of a file is another',
    async ({ result, count }, number) => {
      const text = filesOf(result, count).map((lines) => lines.join(''))
      const file = number % count
      const digits = [...text[file]!.matchAll(/\d/g)].map(({ index }) => index)
      const at = digits[number % digits.length]!
      const changed = `${text[file]!.slice(0, at)}${(Number(text[file]![at]) + 1) % 10}${text[file]!.slice(at + 1)}`
      // The last digits of a number need not change the double that it means.
      const merge = await merged(text.with(file, changed).map((whole) => [whole])).catch((error) => error)
      if (merge instanceof InputError) expect(merge.code).toMatch(/^(CELLS|SHARDS)_INVALID$/)
      else expect(merge).toEqual({ ...result, thresholds })
    },
  )

  test.prop([anyShards])('is refused when a shard is missing or given twice', async ({ result, count, order }) => {
    const files = filesOf(result, count)
    await expect(merged([...files, files[order[0]!]!])).rejects.toMatchObject({ code: 'SHARDS_INVALID' })
    await expect(merged(files.toSpliced(order[0]!, 1))).rejects.toMatchObject({ code: 'SHARDS_INVALID' })
  })
})

describe('the error names the files, what differs and what to run', () => {
  const options = { strategies: ['none', 'queue'], seeds: [1, 2], set: ['arrivals.calls=5'] }
  let running: Promise<StudyResult> | undefined
  /** The result of a few calls, which runs only once. */
  const few = () => (running ??= resultOf('burst', options))
  const command = '`ratelab run burst --strategies none,queue --seeds 2 --set arrivals.calls=5 --shard '

  test('for a missing shard', async () => {
    const [first, , third] = filesOf(await few(), 3)
    await expect(merged([first!, third!])).rejects.toThrow(
      `Expected 3 shards, got 2: missing 2/3. Run ${command}2/3\`, and merge again with all files.`,
    )
    const many = filesOf(await few(), 12)
    await expect(merged([many[0]!])).rejects.toThrow(
      /missing 2\/12, .*11\/12 \(and 1 more\)\. Run .* \(and 1 more\), and/,
    )
  })

  test('for a damaged shard', async () => {
    const [first, second] = filesOf(await few(), 2)
    const again = `Run ${command}2/2\` again to write a new file.`
    await expect(merged([first!, second!.slice(0, -1)])).rejects.toThrow(
      new RegExp(
        `1\\.jsonl: Expected 8 cells of shard 2/2, got 7; the first missing one is the cell of case .*${again}`,
      ),
    )
    const changed = second!.with(1, second![1]!.replace('"attempts":', '"attempts":1'))
    await expect(merged([first!, changed])).rejects.toThrow(
      `1.jsonl, line 2: Expected \`digest\` to be that of the cell in this file: the cell was changed, or is from another file. ${again}`,
    )
    await expect(merged([first!, ['']])).rejects.toThrow(/1\.jsonl: Expected the header of a shard in the first line/)
    await expect(merged([[...cellLines(await few())]])).rejects.toThrow(
      /Expected `schema` to be ratelab\.shard\/2, got "ratelab\.cells\/2"/,
    )
    await expect(merged([['{"schema":"ratelab.shard/2","shard":{"index":0}}\n']])).rejects.toThrow(
      /line 1: Expected `header\.origin` to be an object/,
    )
    const loud = { origin: { ...origin, version: '1.0\u001b[31m' } }
    await expect(merged(filesOf(await few(), 1, loud))).rejects.toThrow(
      'Expected `header.origin.version` to be a version such as 1.2.3, got "1.0\\u001b[31m"',
    )
    for (const [wrong, message] of [
      ['succes>=0.5', '`header.thresholds[1]` to name one of the metrics'],
      [5 as unknown as string, '`header.thresholds[1]` to be a text that is not empty'],
    ] as const)
      await expect(merged(filesOf(await few(), 1, { thresholds: ['success>=0', wrong] }))).rejects.toThrow(message)
    const beyond = { index: 3, count: 2 }
    await expect(merged(filesOf(await few(), 1, { shard: beyond }))).rejects.toThrow(
      'Expected `header.shard.index` to be <= 2, got 3',
    )
  })

  test.each([
    ['the version of ratelab (1.2.3 and 1.2.4)', { origin: { ...origin, version: '1.2.4' } }, {}],
    ['the thresholds of the scenario', { thresholds: [] }, {}],
    ['the code of ratelab: they are of two commits', { origin: { ...origin, code: 'other' } }, {}],
    [
      'the content of the scenario’s file, of the trace, of a strategy, or of a file that one of them imports',
      { origin: { ...origin, input: 'x' } },
      {},
    ],
    ['the seeds', {}, { seeds: [2, 3] }],
    ['the profile', {}, { profile: 'intl' }],
    ['the switches of the provider', {}, { set: ['arrivals.calls=5', 'rejectsCount=true'] }],
    ['the cases or their strategies', {}, { strategies: ['none', 'pace'] }],
    ['the cases or their strategies', {}, { set: ['arrivals.calls=6'] }],
    ['the options of the run', {}, { set: ['arrivals.calls=7', 'arrivals.calls=5'] }],
  ])('for a shard of another study: %s', async (what, header, changes) => {
    const [first] = filesOf(await few(), 2)
    const [, second] = filesOf(await resultOf('burst', { ...options, ...changes }), 2, header)
    if (Object.keys(header).length === 0 && what !== 'the options of the run') expect(second).not.toEqual(first)
    await expect(merged([first!, second!])).rejects.toThrow(
      `1.jsonl differ in ${what}. Leave one of them out, or run ${command}2/2\` in its place.`,
    )
  })

  test('for a header that promises more than fits in memory', async () => {
    const { study, cells } = await few()
    const seeds = Array.from({ length: 100_000 }, (_, i) => i)
    const [chosen] = study.cases
    const contestants = seeds.slice(0, 20_000).map((i) => ({ ...chosen!.contestants[0]!, id: `${i}` }))
    const huge = {
      study: { ...study, seeds, cases: [{ ...chosen!, contestants }] },
      shard: { index: 1, count: 1_000_000 },
    }
    await expect(merged([[...shardLines({ origin, thresholds, ...huge }, [])]])).rejects.toThrow(
      /Expected 2000 cells of shard 1\/1000000, got 0; the first missing one is the cell of case batch, strategy 0, seed 0/,
    )
    const [first] = filesOf({ study, cells }, 1, { shard: { index: 1, count: 1e9 } })
    await expect(merged([[first!.join('')]])).rejects.toThrow('Expected `header.shard.count` to be >= 1 and <= 1000000')
  })

  test('for another scenario, and for another number of shards', async () => {
    const [first] = filesOf(await few(), 2)
    const steady = await resultOf('steady', { ...options, set: ['arrivals.until=1000'] })
    await expect(merged([first!, filesOf(steady, 2)[1]!])).rejects.toThrow('differ in the scenario')
    await expect(merged([first!, filesOf(await few(), 3)[2]!])).rejects.toThrow(
      /differ in the number of shards \(2 and 3\)\. Leave one of them out\.$/,
    )
    await expect(mergeShards([])).rejects.toThrow('Expected the files of shards, got none')
  })
})

describe('a strategy that fails in some shards', () => {
  const few = { ...burst.cases[0]!, title: 'few', arrivals: { kind: 'at-once' as const, calls: 20 } }
  const twoCases: Scenario = { ...burst, name: 'small', strategies: ['none'], cases: [few, { ...few, name: 'other' }] }
  const plugIn = (name: string, wrap: string) => {
    const path = join(scratch, name)
    writeFileSync(path, `export default { name: 'x', wrap: ${wrap} }`)
    return path
  }
  // It fails for some seeds, because each seed has draws of its own.
  const some = plugIn(
    'some.ts',
    "(next, { random }) => {\n  if (random.next() > 0.7) throw new Error('high'); return next }",
  )
  const always = plugIn('always.ts', '() => 3')
  const linesOf = (result: RawResult) => [...cellLines(result)].join('')

  /** Runs each shard by itself, writes its file, and merges the files in the reverse order. */
  async function mergedShards(options: StudyOptions, count: number) {
    const paths: string[] = []
    for (let index = 1; index <= count; index++) {
      const study = await prepareStudy(twoCases, options)
      const shard = { index, count }
      const { cells, failures } = await study.cells({ shard })
      const { facts, thresholds } = study
      const path = join(scratch, `${index}-of-${count}.jsonl`)
      const header = { origin: await study.origin(), shard, study: facts, thresholds }
      writeFileSync(path, [...shardLines(header, cells, failures)].join(''))
      paths.unshift(path)
    }
    return mergeShards(paths)
  }

  test('is left out of the merged study, whose bytes are those of one run', { timeout: 60_000 }, async () => {
    const options = { seeds: [1, 2, 3, 4, 5], strategies: [some, 'none', always, 'retry-full'] }
    const whole = await resultOf(twoCases, options)
    expect(whole.study.failed!.map(({ id }) => id)).toEqual(['always', 'some'])
    for (const count of [2, 5]) expect(linesOf(await mergedShards(options, count))).toBe(linesOf(whole))
  })

  test('without another one ends the merge as it ends one run', { timeout: 60_000 }, async () => {
    const options = { seeds: [1, 2], strategies: [always] }
    const told = (work: Promise<unknown>) =>
      work.then(
        () => expect.unreachable(),
        ({ code, message }) => [code, message],
      )
    expect(await told(mergedShards(options, 2))).toEqual(await told(resultOf(twoCases, options)))
  })

  test('has no cells in a shard in which it failed, and fails there once', async () => {
    const study = await prepareStudy(twoCases, { seeds: [1, 2], strategies: ['none', always] })
    const { cells, failures } = await study.cells()
    const shard = { index: 1, count: 1 }
    const header = { origin: await study.origin(), shard, study: study.facts, thresholds: [] }
    const path = join(scratch, 'damaged.jsonl')
    const read = (lines: Iterable<string>) => {
      writeFileSync(path, [...lines].join(''))
      return mergeShards([path])
    }
    const alien = { ...cells[0]!, strategy: 'always' }
    await expect(read(shardLines(header, [...cells, alien], failures))).rejects.toThrow(
      'Expected no cells of the strategy always',
    )
    await expect(read(shardLines(header, cells, [...failures, ...failures]))).rejects.toThrow(
      'got always a second time',
    )
    await expect(read(shardLines(header, cells, [{ ...failures[0]!, seed: 9 }]))).rejects.toThrow('got 9')
    await expect(read(shardLines(header, cells.slice(1), failures))).rejects.toThrow('Expected 4 cells')
    const changed = [...shardLines(header, cells, failures)].map((line) => line.replace('got 3', 'got 4'))
    await expect(read(changed)).rejects.toThrow('`digest`')
  })
})
