import { createWriteStream, existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../../../src/checks/input-error.ts'
import { readRecorded } from '../../../../src/scenario/recorded/read-recorded.ts'
import { scratchFolder } from '../../../scratch-folder.ts'

const { scratch: folder } = scratchFolder('replay')

let files = 0
function file(content: string | Uint8Array): string {
  const path = join(folder, `${files++}.csv`)
  writeFileSync(path, content)
  return path
}

const header = 'TIMESTAMP,ContextTokens,GeneratedTokens'
async function replay(content: string | Uint8Array) {
  const { arrival, promptTokens, outputTokens } = (await readRecorded(file(content))).workload
  return Array.from(arrival, (at, call) => [at, promptTokens[call], outputTokens[call]])
}

describe('readRecorded', () => {
  const calls = [
    [0, 374, 44],
    [4314, 396, 109],
    [4541, 879, 55],
  ]
  const rows = [
    '2023-11-16 18:15:46.6805900,374,44',
    '2023-11-16 18:15:50.9951690,396,109',
    '2023-11-16 18:15:51.2224670,879,55',
  ]

  test.each([
    ['in its first row', 0],
    ['in a later row', 1],
  ])('refuses a trace in JSON whose objects nest deep %s', async (_, at) => {
    const row = '{"timestamp":1,"input_length":2,"output_length":3}'
    for (const deep of [`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`, `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`])
      await expect(replay([row, row, row].with(at, deep).join('\n'))).rejects.toThrow(
        /line \d, to be a small object of JSON, but it nests deeper than 200 levels: leave it out/,
      )
  })

  test('the Azure trace’s first rows, without a last line feed', async () => {
    expect(await replay([header, ...rows].join('\n'))).toEqual(calls)
  })

  test.each([
    ['a last line feed', `${[header, ...rows].join('\n')}\n`],
    ['lines that end as on Windows', `${[header, ...rows].join('\r\n')}\r\n`],
    ['a byte order mark', `\ufeff${[header, ...rows].join('\n')}`],
    ['blank lines', `\n${header}\n\n${rows.join('\n  \n')}\n\n\n`],
    ['T and Z', [header, ...rows.map((row) => row.replace(' ', 'T').replace(',', 'Z,'))].join('\n')],
    ['an offset', [header, ...rows.map((row) => row.replace(',', '+00:00,'))].join('\n')],
    ['quotes', [header, ...rows.map((row) => row.replace(/[^,]+/g, '"$&"'))].join('\n')],
    ['quotes in the header', [header.replace(/\w+/g, '"$&"'), ...rows].join('\n')],
    ['blanks around the fields', [header, ...rows].join('\n').replaceAll(',', ' ,\t')],
    ['another case of the names', [header.toLowerCase(), ...rows].join('\n')],
    [
      'columns in another order, and further columns',
      `GeneratedTokens,note,TIMESTAMP,ContextTokens,model\n${rows
        .map((row) => row.replace(/(.*),(.*),(.*)/, '$3,"a, ""b""",$1,$2,x'))
        .join('\n')}`,
    ],
    ['rows that are not in order of time', [header, rows[2], rows[0], rows[1]].join('\n')],
    [
      'numbers with a fraction of zeros',
      [header, ...rows.map((row) => row.replace(/(\d+),(\d+)$/, '$1.0,$2.00'))].join('\n'),
    ],
    [
      'an offset east',
      [header, ...rows.map((row) => row.replace(' 18:', ' 02:').replace('-16', '-17').replace(',', '+08:00,'))].join(
        '\n',
      ),
    ],
    ['seconds', `${header}\n46.68059,374,44\n50.995169,396,109\n51.222467,879,55`],
  ])('%s', async (_what, content) => {
    expect(await replay(content)).toEqual(calls)
  })

  test('rows of one instant keep their order', async () => {
    expect(await replay(`${header}\n5,1,1\n4,2,2\n5,3,3\n4,4,4`)).toEqual([
      [0, 2, 2],
      [0, 4, 4],
      [1000, 1, 1],
      [1000, 3, 3],
    ])
  })

  test('an empty prompt counts as one token, an empty answer as none', async () => {
    expect(await replay(`${header}\n0,0,0`)).toEqual([[0, 1, 0]])
  })

  test('milliseconds are rounded down, exactly', async () => {
    expect(
      await replay(
        `${header}\n2023-11-16 18:15:46.6805900,1,1\n2023-11-16 18:15:46.6815899,1,1\n2023-11-16 18:15:46.6815900,1,1`,
      ),
    ).toEqual([
      [0, 1, 1],
      [0, 1, 1],
      [1, 1, 1],
    ])
  })

  const call = fc.tuple(fc.nat(90_000_000), fc.nat(5000), fc.nat(2000))
  test.prop([fc.array(call, { minLength: 1, maxLength: 200 }), fc.constantFrom('\n', '\r\n')], { numRuns: 40 })(
    'reads the calls that were written',
    async (written, end) => {
      const start = Date.UTC(2023, 10, 16)
      const lines = written.map(([at, prompt, output]) => `${new Date(start + at).toISOString()},${prompt},${output}`)
      const first = Math.min(...written.map(([at]) => at))
      const expected = written
        .toSorted(([a], [b]) => a - b)
        .map(([at, prompt, output]) => [at - first, Math.max(1, prompt), output])
      expect(await replay([header, ...lines].join(end))).toEqual(expected)
    },
  )
})

describe('a mistake in the file is reported with its place and the remedy', () => {
  const row = '2023-11-16 18:15:46.68,374,44'
  const lines = (...more: string[]) => [header, row, ...more, ''].join('\n')

  test.each<[string, string | Uint8Array, RegExp]>([
    ['an empty file', '', /^Expected a header or an object of JSON in the first line of \S+\.csv, got an empty file$/],
    ['nothing but blank lines', '\n \r\n\n', /got an empty file/],
    ['a header alone', header, /^Expected recorded calls below the header of \S+\.csv, got none$/],
    [
      'no header',
      `${row}\n${row}`,
      /Expected the columns of a known trace \(Azure: TIMESTAMP,ContextTokens,GeneratedTokens; BurstGPT: .*\) in \S+\.csv, got "2023-11-16 18:15:46\.68,374,44": Name the columns with `--columns arrival=…,prompt=…,output=…`; a CSV file needs a header/,
    ],
    [
      'another header',
      'Timestamp,Request tokens,Answer tokens\n5,1,1',
      /Expected the columns Timestamp,Request tokens,Response tokens \(BurstGPT\) in \S+\.csv, got "Timestamp,Request tokens,Answer tokens": Response tokens is missing\. Name the columns with `--columns/,
    ],
    ['one column missing', 'TIMESTAMP,ContextTokens\n5,1', /: GeneratedTokens is missing/],
    ['semicolons', `${header.replaceAll(',', ';')}\n5;1;1`, /commas between the columns/],
    [
      'a column twice',
      `${header},contexttokens\n5,1,1,1`,
      /Expected one column `ContextTokens` in the header of \S+\.csv, got two/,
    ],
    ['compressed', gzipSync(lines(row)), /Expected \S+\.csv to be CSV or JSON Lines in UTF-8.*unpack it/],
    ['UTF-16', Buffer.from(`\ufeff${lines(row)}`, 'utf16le'), /to be CSV or JSON Lines in UTF-8.*save it as UTF-8/],
    [
      'binary',
      new Uint8Array(3_000_000),
      /more than 1048576 bytes without a line end after line 0: unpack the file if it is compressed/,
    ],
    ['binary after a header', Buffer.concat([Buffer.from(`${header}\n`), new Uint8Array(3_000_000)]), /after line 1:/],
    [
      'a last line cut off',
      `${lines()}2023-11-16 18:15:47,5`,
      /Expected at least 3 columns in \S+\.csv, line 3, got 2 in "2023-11-16 18:15:47,5": complete the line, which may be cut off, or leave it out/,
    ],
    [
      'a last field cut off',
      `${lines()}2023-11-16 18:15:47,5,`,
      /`GeneratedTokens` in \S+\.csv, line 3, to be a whole number from 0 to 10000000, got ""/,
    ],
    [
      'a quote without an end',
      lines('"2023-11-16 18:15:47,5,6'),
      /Expected every quote in \S+\.csv, line 3, to end on its line/,
    ],
    [
      'negative tokens',
      lines(row, '2023-11-16 18:15:47,-5,6'),
      /`ContextTokens` in \S+\.csv, line 4, to be a whole number from 0 to 10000000, got "-5": correct the line, or leave it out/,
    ],
    ['fractional tokens', lines('2023-11-16 18:15:47,5,6.5'), /`GeneratedTokens` .* line 3, .* got "6.5"/],
    ['huge tokens', lines('2023-11-16 18:15:47,10000001,6'), /`ContextTokens` .* got "10000001"/],
    ['a number beyond all numbers', lines(`2023-11-16 18:15:47,${'9'.repeat(400)},6`), /got "9{60}…"/],
    ['words', lines('2023-11-16 18:15:47,many,6'), /`ContextTokens` .* got "many"/],
    [
      'no time',
      lines('yesterday,5,6'),
      /`TIMESTAMP` in \S+\.csv, line 3, to be a time such as 2023-11-16 18:15:46\.68 or 2023-11-16T18:15:46\+08:00, or a number of s such as 46\.68, got "yesterday"/,
    ],
    ['a day that does not exist', lines('2023-02-30 18:15:47,5,6'), /`TIMESTAMP` .* got "2023-02-30 18:15:47"/],
    [
      'milliseconds since 1970 as seconds',
      lines('1700000000000,5,6').replace(`${row}\n`, ''),
      /For a number of another unit add `--columns unit=ms`, us or ns/,
    ],
    ['dates and seconds in one file', lines('5,5,6'), /`TIMESTAMP` .* line 3, .* got "5"/],
  ])('%s', async (_what, content, message) => {
    const failure = await readRecorded(file(content)).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(InputError)
    expect(failure).toMatchObject({ code: 'TRACE_INVALID', message: expect.stringMatching(message) })
  })

  test('no such file', async () => {
    const path = join(folder, 'nowhere', 'trace.csv')
    await expect(readRecorded(path)).rejects.toThrow(InputError)
    await expect(readRecorded(path)).rejects.toThrow(
      `Expected to read the file ${path}, but it does not exist: check the path`,
    )
  })

  test('a folder', async () => {
    await expect(readRecorded(folder)).rejects.toThrow(InputError)
    await expect(readRecorded(folder)).rejects.toThrow(`Expected ${folder} to be a file, got a folder`)
  })

  test('more calls than allowed', async () => {
    const path = file(lines(row, row, row, row, row, row, row, row))
    await expect(readRecorded(path, { mostCalls: 4 })).rejects.toThrow(InputError)
    await expect(readRecorded(path, { mostCalls: 4 })).rejects.toThrow(
      `Expected at most 4 calls to replay from ${path}, got 9 of its 9 rows: sample them with \`--every 3\`, or take a part with \`--from\` and \`--to\``,
    )
  })
})

test('a large file is read line by line, wherever the ends of the chunks are', async () => {
  const path = join(folder, 'large.csv')
  const out = createWriteStream(path)
  out.write(`${header},Prompt\n`)
  // The file has 12 MB, in lines of any length up to 12 kB.
  const count = 2000
  for (let call = 0; call < count; call++) out.write(`${call},${call},7,"${'x'.repeat((call * 7919) % 12_000)}"\n`)
  await new Promise((resolve) => out.end(resolve))
  const { arrival, promptTokens } = (await readRecorded(path)).workload
  expect(arrival).toHaveLength(count)
  expect(arrival.every((at, call) => at === 1000 * call && promptTokens[call] === Math.max(1, call))).toBe(true)
})

const conv = resolve(import.meta.dirname, '../../../../../shared/data/azure-llm-2023/conv.csv')
describe('the Azure conversation trace of 2023', () => {
  it.skipIf(!existsSync(conv))(
    'has 19,366 calls in 58 minutes (skipped where ../shared/data is not there)',
    async () => {
      const { arrival, promptTokens, outputTokens } = (await readRecorded(conv)).workload
      expect([arrival, promptTokens, outputTokens].map(({ length }) => length)).toEqual([19_366, 19_366, 19_366])
      // The trace lasts from 18:15:46.6805900 to 19:14:08.4025270.
      expect(arrival.at(-1)).toBe(3_501_721)
      expect(arrival.every((at, call) => call === 0 || at >= arrival[call - 1]!)).toBe(true)
      expect([promptTokens[0], outputTokens[0], promptTokens.at(-1), outputTokens.at(-1)]).toEqual([374, 44, 197, 183])
      const total = (column: Uint32Array) => column.reduce((sum, tokens) => sum + tokens, 0)
      expect([total(promptTokens), total(outputTokens)].map((sum) => Math.round(sum / 19_366))).toEqual([1155, 211])
    },
  )
})
