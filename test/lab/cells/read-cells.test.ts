import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { cellLines } from '../../../lab/cells/cell-lines.ts'
import { readCells } from '../../../lab/cells/read-cells.ts'
import { comparisonOf } from '../../../src/compare/comparison.ts'
import { leadersOf } from '../../../src/compare/leaders.ts'
import { admittedChart } from '../../../src/report/charts/admitted.ts'
import { efficiencyChart } from '../../../src/report/charts/efficiency.ts'
import { waitChart } from '../../../src/report/charts/wait.ts'
import { json } from '../../../src/report/json.ts'
import { markdown } from '../../../src/report/markdown/markdown.ts'
import { terminal } from '../../../src/report/terminal/terminal.ts'
import { anyStudy } from '../../golden/any-study.ts'
import { checkout } from '../../golden/installations.ts'
import { measure } from '../../golden/measure.ts'
import { scratchFolder } from '../../scratch-folder.ts'
import { resultOf } from '../result-of.ts'

const { scratch } = scratchFolder('cells')

const path = join(scratch, 'cells.jsonl')
const read = (content: string | Uint8Array) => {
  writeFileSync(path, content)
  return readCells(path)
}

describe('any study', () => {
  test.prop([anyStudy], { numRuns: 200 })('is read as it was written, to the last bit', async (study) => {
    const written = [...cellLines(study)].join('')
    const result = await read(written)
    expect(result).toEqual(study)
    expect([...cellLines(result)].join('')).toBe(written)
    expect(comparisonOf(result)).toEqual(comparisonOf(study))
  })

  test.prop([anyStudy, fc.infiniteStream(fc.nat())])('is read in any order of its cells', async (study, numbers) => {
    const [header = '', ...cells] = cellLines(study)
    const shuffled = cells.map((line) => ({ line, at: numbers.next().value })).sort((a, b) => a.at - b.at)
    expect(await read([header, ...shuffled.map(({ line }) => line)].join(''))).toEqual(study)
  })

  test.prop([anyStudy, fc.nat()])('is refused when a line is missing, or there twice', async (study, number) => {
    const [header = '', ...cells] = cellLines(study)
    const index = number % cells.length
    await expect(read([header, ...cells.toSpliced(index, 1)].join(''))).rejects.toThrow(/ cells, .* got /)
    await expect(read([header, ...cells, cells[index]].join(''))).rejects.toThrow(/Expected each cell once/)
  })
})

test.prop([anyStudy])('every renderer and chart accepts any study', ({ study, cells }) => {
  const comparison = comparisonOf({ study, cells })
  const { seeds } = study
  expect(terminal(comparison, { width: 100, colour: true })).toContain('\n')
  expect(markdown(comparison, checkout)).toContain('\n')
  expect(JSON.parse(json(comparison)).cases).toHaveLength(study.cases.length)
  for (const chosen of comparison.cases)
    for (const chart of [efficiencyChart, admittedChart, waitChart])
      chart(chosen, {
        title: chosen.title,
        seeds: seeds.length,
        leaders: leadersOf(chosen.rows, seeds.length),
        measure,
      })
})

const small = await resultOf('burst', {
  strategies: ['none', 'retry-pace'],
  seeds: [1, 2],
  set: ['arrivals.calls=30', 'patience=Infinity'],
})
const lines = [...cellLines(small)]

test('a real study is read as it was written', async () => {
  expect(await read(lines.join(''))).toEqual({ study: small.study, cells: small.cells })
  expect(small.study.cases[0]!.patience).toBe(Infinity)
})

test.each([
  ['with carriage returns', lines.join('').replaceAll('\n', '\r\n')],
  ['without the last line end', lines.join('').trimEnd()],
  ['with blank lines', `\n${lines.join('\n\n')}\n`],
  ['with a byte order mark', `\ufeff${lines.join('')}`],
])('a file %s is read', async (_what, content) => {
  expect((await read(content)).cells).toEqual(small.cells)
})

test('a line with a number for each second of a month is read', async () => {
  const perSecond = new Array(2_592_000).fill(10)
  const month = { ...small.cells[0]!.series!, admittedPerSecond: perSecond, deniedPerSecond: perSecond }
  const cells = small.cells.map((cell, i) => (i === 0 ? { ...cell, series: month } : cell))
  const result = await read([...cellLines({ study: small.study, cells })].join(''))
  expect(result.cells[0]!.series!.admittedPerSecond).toHaveLength(2_592_000)
})

/** Returns the file with one line changed. Lines count from 1. */
function withLine(line: number, change: (text: string) => string): string {
  return lines.map((text, i) => (i + 1 === line ? change(text) : text)).join('')
}
const replaced = (line: number, from: string, to: string) =>
  withLine(line, (text) => {
    expect(text).toContain(from)
    return text.replace(from, to)
  })

describe('a wrong file: the error names the file, the line, the field and the remedy', () => {
  const remedy =
    /Run `ratelab run burst --strategies none,retry-pace --seeds 2 --set arrivals\.calls=30 --set patience=Infinity` again to write a new file\.$/

  test.each([
    ['an empty file', '', /cells\.jsonl: Expected a study in the first line, got an empty file\. Run the study again/],
    ['a missing file', undefined, /gone\.jsonl, but it does not exist/],
    [
      'text that is not JSON',
      withLine(1, () => 'hello\n'),
      /cells\.jsonl, line 1: Expected a JSON object, got text that is not JSON; the file may be cut off\. Run/,
    ],
    ['a list', withLine(1, () => '[]\n'), /line 1: Expected a JSON object, got a list/],
    ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0xff, 0xfe, 10), /line 1: .*got text that is not JSON/],
    [
      'a report',
      '{"schema": "ratelab.report/2"}\n',
      /line 1: Expected `schema` to be ratelab\.cells\/2, got "ratelab\.report\/2"\. Run/,
    ],
    [
      'a newer version',
      replaced(1, 'ratelab.cells/2', 'ratelab.cells/3'),
      /line 1: .* got "ratelab\.cells\/3": another version of ratelab wrote this file, and that version can read it\. Run/,
    ],
    [
      'no version',
      replaced(1, '"schema"', '"shema"'),
      /line 1: Expected `schema` to be ratelab\.cells\/2, got undefined/,
    ],
    [
      'a missing field',
      replaced(1, '"seeds"', '"sedes"'),
      /line 1: Expected `study` to have no fields but .*"sedes"; did you mean seeds\? \(and 1 more\)/,
    ],
    [
      'a wrong value of a switch',
      replaced(1, '"window":"sliding"', '"window":"sliping"'),
      /`study\.switches\.window` to be one of sliding, fixed, bucket, anchored, got "sliping"/,
    ],
    [
      'a name of a case that is a path',
      replaced(1, '"name":"batch"', '"name":"../batch"'),
      /`study\.cases\[0\]\.name` to be lower-case words joined by hyphens, got "\.\.\/batch"/,
    ],
    [
      'two cases with the same name',
      replaced(1, '"name":"raised"', '"name":"batch"'),
      /`study\.cases\[2\]\.name` to differ from `study\.cases\[0\]\.name`/,
    ],
    [
      'a baseline that is not a case',
      replaced(1, '"baseline":"batch"', '"baseline":"butch"'),
      /`study\.cases\[2\]\.baseline` to be one of batch, .*did you mean batch\?/,
    ],
    [
      'the same seed twice',
      replaced(1, '"seeds":[1,2]', '"seeds":[1,1]'),
      /`study\.seeds\[1\]` to differ from `study\.seeds\[0\]`/,
    ],
    [
      'the same contestant twice',
      replaced(1, '"id":"retry-pace"', '"id":"none"'),
      /`study\.cases\[0\]\.contestants\[1\]\.id` to differ/,
    ],
  ])('%s', async (_what, content, message) => {
    const reading = content === undefined ? readCells(join(scratch, 'gone.jsonl')) : read(content)
    await expect(reading).rejects.toThrow(
      expect.objectContaining({
        code: content === undefined ? 'CELLS_NOT_FOUND' : 'CELLS_INVALID',
        message: expect.stringMatching(message),
      }),
    )
  })

  test.each([
    [
      'a line that was cut off',
      lines.slice(0, 5).join('') + lines[5]!.slice(0, 40),
      /line 6: .*got text that is not JSON; the file may be cut off/,
    ],
    [
      'lines that are missing at the end',
      lines.slice(0, 5).join(''),
      /cells\.jsonl: Expected 16 cells, one for each case, seed and strategy, got 4; the first missing one is the cell of case within-the-minute, strategy none, seed 1/,
    ],
    [
      'a cell twice',
      [...lines, lines[3]].join(''),
      /line 18: Expected each cell once, got the cell of case batch, strategy none, seed 2 a second time; line 4 already has it\. Run/,
    ],
    [
      'a case that is not in the study',
      replaced(3, '"case":"batch"', '"case":"patch"'),
      /line 3: Expected `cell\.case` to be a case of the study, got "patch"/,
    ],
    [
      'a strategy that is not in the case',
      replaced(3, '"strategy":"retry-pace"', '"strategy":"pace"'),
      /line 3: Expected `cell\.strategy` to be a contestant of batch, got "pace"/,
    ],
    [
      'a seed that is not in the study',
      replaced(3, '"seed":1', '"seed":9'),
      /line 3: Expected `cell\.seed` to be a seed of the study, got 9/,
    ],
    ['a header twice', [lines[0], ...lines].join(''), /line 2: Expected `cell` to have no fields but case, strategy/],
    [
      'a cell of the first seed without a series',
      withLine(2, (text) => text.replace(/,"series":.*/, '}')),
      /line 2: Expected `cell\.series` in every cell of the study's first seed, got none/,
    ],
    [
      'a cell of another seed with a series',
      withLine(4, (text) => text.replace('}\n', lines[1]!.slice(lines[1]!.indexOf(',"series":')))),
      /line 4: Expected `cell\.series` only in cells of the study's first seed, got it in a cell of seed 2/,
    ],
    [
      'a text instead of a count',
      replaced(2, '"calls":30', '"calls":"30"'),
      /line 2: Expected `cell\.summary\.calls` to be a whole number >= 0, got "30"/,
    ],
    [
      'a negative figure',
      replaced(2, '"cost":', '"cost":-1,"cost":-'),
      /line 2: Expected `cell\.summary\.metrics\.cost` to be a number >= 0, "Infinity" or "NaN", got -/,
    ],
    [
      'a number that is too large for a double',
      withLine(2, (text) => text.replace(/"cost":[^,]+/, '"cost":1e999')),
      /line 2: Expected `cell\.summary\.metrics\.cost` to be a number >= 0, "Infinity" or "NaN", got Infinity/,
    ],
    [
      'minus infinity',
      withLine(2, (text) => text.replace(/"cost":[^,]+/, '"cost":"-Infinity"')),
      /line 2: Expected `cell\.summary\.metrics\.cost` to be a number/,
    ],
    ['too few quantiles', replaced(2, '"waitQuantiles":[', '"waitQuantiles":[],"x":['), /line 2: .* got "x"/],
    [
      'a field `__proto__`',
      replaced(2, '{"case"', '{"__proto__":{"polluted":true},"case"'),
      /line 2: Expected `cell` to have no fields but .*, got "__proto__"/,
    ],
    [
      'a field `constructor`',
      replaced(2, '"metrics":{', '"metrics":{"constructor":{"prototype":{"polluted":true}},'),
      /line 2: Expected `cell\.summary\.metrics` to have no fields but .*/,
    ],
  ])('%s; the error has the command that writes the file again', async (_what, content, message) => {
    await expect(read(content)).rejects.toThrow(
      expect.objectContaining({ code: 'CELLS_INVALID', message: expect.stringMatching(message) }),
    )
    await expect(read(content)).rejects.toThrow(remedy)
    expect({}).not.toHaveProperty('polluted')
  })

  test('a folder', async () => {
    await expect(readCells(scratch)).rejects.toThrow(/to be a file, got a folder/)
  })

  test('1 GB of zeros', async () => {
    const zeros = join(scratch, 'zeros.jsonl')
    writeFileSync(zeros, '')
    truncateSync(zeros, 1024 ** 3)
    await expect(readCells(zeros)).rejects.toThrow(/more than 134217728 bytes without a line end after line 0/)
  })

  test('a message is short and has no control characters, whatever is in the file', async () => {
    const long = replaced(2, '"case":"batch"', `"case":"${'x'.repeat(2_000_000)}"`)
    const message = await read(long).catch((error) => error.message)
    expect(message.length).toBeLessThan(1000)
    const sequence = replaced(2, '"case":"batch"', '"case":"a\\u009b2J\\u001b[2J"')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for
    expect(await read(sequence).catch((error) => error.message)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
    const command = withLine(1, (text) => text.replace('"given":"burst"', '"given":"burst; rm -rf x"'))
    expect(await read(command.slice(0, -5)).catch((error) => error.message)).toMatch(/\. Run the study again/)
  })

  test('300,000 seeds in one line are read without delay', async () => {
    const seeds = replaced(1, '"seeds":[1,2]', `"seeds":[${Array.from({ length: 300_000 }, (_, i) => 1 + i).join()}]`)
    await expect(read(seeds)).rejects.toThrow(/Expected 2400000 cells/)
    const same = replaced(1, '"seeds":[1,2]', `"seeds":[${new Array(300_000).fill(7).join()}]`)
    await expect(read(same)).rejects.toThrow(/and 299998 more/)
  })
})
