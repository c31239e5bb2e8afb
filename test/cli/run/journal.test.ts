import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fc, test } from '@fast-check/vitest'
import { beforeEach, describe, expect } from 'vitest'
import { Journal } from '../../../cli/run/journal.ts'
import { type Shard, shardCells } from '../../../lab/cells/shard.ts'
import { cellLineWriter, headerLine, type ShardHeader } from '../../../lab/cells/shard-lines.ts'
import type { StudyResult } from '../../../lab/study.ts'
import type { Cell } from '../../../src/compare/raw-result.ts'
import { anyStudy } from '../../golden/any-study.ts'
import { resultOf } from '../../lab/result-of.ts'
import { scratchFolder } from '../../scratch-folder.ts'

const { scratch } = scratchFolder('journal')
const path = join(scratch, 'cells.partial.jsonl')
beforeEach(() => rmSync(path, { force: true }))

const origin = { version: '1.2.3', code: 'c0de', input: '1234' }

/** Opens the journal. Returns it with the lines that it tells. */
async function opened(header: ShardHeader, isFresh = false): Promise<{ journal: Journal; told: string[] }> {
  const told: string[] = []
  const journal = await Journal.open(path, header, isFresh, (line) => told.push(line))
  return { journal, told }
}

/** A shard of any study, its cells in any order, and the place at which the journal is cut off. */
const anyRun = anyStudy.chain((result) =>
  fc.integer({ min: 1, max: Math.min(3, result.cells.length) }).chain((count) => {
    const shard: Shard = { index: 1, count }
    const own = shardCells(result.study, shard).map((i) => result.cells[i]!)
    return fc.record({
      header: fc.constant<ShardHeader>({ origin, shard, study: result.study, thresholds: ['success>=0.5'] }),
      cells: fc.shuffledSubarray(own, { minLength: own.length }),
      cut: fc.double({ min: 0, max: 1, noNaN: true }),
    })
  }),
)

test.prop([anyRun], { numRuns: 40 })(
  'a journal that is cut off anywhere has the cells of its whole lines',
  async (given) => {
    const { header, cells, cut } = given
    rmSync(path, { force: true })
    const { journal } = await opened(header)
    for (const cell of cells) journal.add(cell)
    expect(journal.close()).toBe(cells.length)
    const bytes = readFileSync(path)
    const size = Math.floor(cut * bytes.length)
    truncateSync(path, size)
    const lengths = [headerLine(header), ...cells.map(cellLineWriter(headerLine(header)))].map((line) =>
      Buffer.byteLength(line),
    )
    // A line needs no line feed to be whole.
    let end = 0
    const whole = lengths.filter((length) => {
      end += length
      return end - 1 <= size
    }).length
    const byOrder = (some: readonly Cell[]) => new Set(some.map((cell) => JSON.stringify(cell)))
    const { journal: next, told } = await opened(header)
    expect(byOrder(next.known)).toEqual(byOrder(cells.slice(0, Math.max(0, whole - 1))))
    expect(told).toHaveLength(whole === 1 ? 0 : 1)
    // The next run adds the rest. Its journal is whole again, whatever the end of the earlier one was.
    for (const cell of cells.slice(Math.max(0, whole - 1))) next.add(cell)
    expect(next.close()).toBe(cells.length)
    expect(byOrder((await opened(header)).journal.known)).toEqual(byOrder(cells))
  },
)

describe('a journal', () => {
  let running: Promise<StudyResult> | undefined
  const header = async (): Promise<{ header: ShardHeader; cells: readonly Cell[] }> => {
    running ??= resultOf('burst', { strategies: ['none'], seeds: 2, set: ['arrivals.calls=3'] })
    const { study, cells } = await running
    return { header: { origin, shard: { index: 1, count: 1 }, study, thresholds: [] }, cells }
  }

  test('is there only when it has a cell, and gets none after it was closed', async () => {
    const { header: own, cells } = await header()
    const { journal } = await opened(own)
    expect(readdirSync(scratch)).toEqual([])
    journal.close()
    journal.add(cells[0]!)
    expect(readdirSync(scratch)).toEqual([])
    const { journal: second } = await opened(own)
    second.add(cells[0]!)
    expect(readdirSync(scratch)).toEqual(['cells.partial.jsonl'])
    second.remove()
    expect(readdirSync(scratch)).toEqual([])
  })

  test('of an earlier run is left aside when the run is fresh, and replaced at the first cell', async () => {
    const { header: own, cells } = await header()
    const { journal } = await opened(own)
    journal.add(cells[0]!)
    journal.close()
    const { journal: fresh, told } = await opened(own, true)
    expect([fresh.known, told]).toEqual([[], []])
    expect(existsSync(path)).toBe(true)
    fresh.add(cells[1]!)
    fresh.close()
    expect((await opened(own)).journal.known).toEqual([cells[1]])
  })

  test.each<[string, (header: ShardHeader) => ShardHeader, string]>([
    [
      'of another version',
      (own) => ({ ...own, origin: { ...origin, version: '2' } }),
      'the version of ratelab (1.2.3 and 2)',
    ],
    [
      'of another commit',
      (own) => ({ ...own, origin: { ...origin, code: '2' } }),
      'the code of ratelab: they are of two commits',
    ],
    ['of other seeds', (own) => ({ ...own, study: { ...own.study, seeds: [3, 4] } }), 'the seeds'],
  ])('%s is not used, and that is told', async (_what, change, difference) => {
    const { header: own, cells } = await header()
    const { journal } = await opened(own)
    journal.add(cells[0]!)
    journal.close()
    const { journal: other, told } = await opened(change(own))
    expect(other.known).toEqual([])
    const before = readFileSync(path)
    other.remove()
    expect(readFileSync(path)).toEqual(before)
    expect(told).toEqual([
      `${path} is not used and will be replaced: it and this study differ in ${difference}. Another --out keeps it.`,
    ])
  })

  test('with a damaged line is used up to that line, and with a damaged header not at all', async () => {
    const { header: own, cells } = await header()
    const { journal } = await opened(own)
    for (const cell of cells) journal.add(cell)
    journal.close()
    const text = readFileSync(path, 'utf8')
    const lines = text.split(/(?<=\n)/)
    writeFileSync(path, lines.with(3, lines[3]!.replace('"calls":3', '"calls":4')).join(''))
    expect((await opened(own)).journal.known).toEqual(cells.slice(0, 2))
    writeFileSync(path, lines.toSpliced(2, 0, lines[1]!).join(''))
    expect((await opened(own)).journal.known).toEqual(cells.slice(0, 1))
    writeFileSync(path, text.replace('ratelab.shard/2', 'ratelab.shard/9'))
    const { journal: other, told } = await opened(own)
    expect(other.known).toEqual([])
    expect(told[0]).toMatch(/is not used and will be replaced: its first line cannot be read\./)
  })

  test('is that of its own run, also when another run of the same study begins one in the same folder', async () => {
    const { header: own, cells } = await header()
    const { journal: first } = await opened(own)
    first.add(cells[0]!)
    const { journal: second } = await opened(own)
    expect(second.known).toEqual([cells[0]])
    second.add(cells[1]!)
    // The first run goes on. Neither its cells nor its end touch the file of the second one.
    first.add(cells[1]!)
    first.remove()
    expect((await opened(own)).journal.known).toEqual(cells.slice(0, 2))
    second.remove()
    expect(readdirSync(scratch)).toEqual([])
  })

  test('is neither read from a named pipe nor written through a link', async () => {
    const { header: own, cells } = await header()
    spawnSync('mkfifo', [path])
    const { journal, told } = await opened(own)
    expect(told[0]).toContain('is not used and will be replaced')
    journal.add(cells[0]!)
    journal.remove()
    const target = join(scratch, 'target')
    writeFileSync(target, 'precious')
    symlinkSync(target, path)
    const { journal: linked } = await opened(own)
    linked.add(cells[0]!)
    linked.remove()
    expect(readFileSync(target, 'utf8')).toBe('precious')
    rmSync(target)
    expect(readdirSync(scratch)).toEqual([])
  })

  test('leaves no files when the first cell cannot be written', async () => {
    const { header: own, cells } = await header()
    const { journal } = await opened(own)
    mkdirSync(path)
    expect(() => journal.add(cells[0]!)).toThrow(/Expected to be able to write to/)
    rmSync(path, { recursive: true })
    expect([journal.close(), readdirSync(scratch)]).toEqual([0, []])
  })

  test('that cannot be written throws an error with the remedy', async () => {
    const { header: own, cells } = await header()
    const journal = await Journal.open(join(scratch, 'gone/cells.partial.jsonl'), own, false, () => {})
    expect(() => journal.add(cells[0]!)).toThrow(
      /^Expected to be able to write to .*gone.*Name another folder with --out DIR\.$/,
    )
  })
})
