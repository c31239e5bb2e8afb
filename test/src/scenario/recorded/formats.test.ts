import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { type ColumnChoice, readColumns } from '../../../../src/scenario/recorded/column-choice.ts'
import { type RecordedOptions, readRecorded } from '../../../../src/scenario/recorded/read-recorded.ts'
import { scratchFolder } from '../../../scratch-folder.ts'

const { scratch: folder } = scratchFolder('formats')

const path = join(folder, 'trace')
async function read(content: string, options?: RecordedOptions) {
  writeFileSync(path, content)
  const { workload, ...facts } = await readRecorded(path, options)
  const { arrival, promptTokens, outputTokens } = workload
  return { ...facts, calls: Array.from(arrival, (at, call) => [at, promptTokens[call], outputTokens[call]]) }
}

/** A call as the models below know it: its instant in whole milliseconds since 1970, and its tokens. */
type MadeCall = readonly [at: number, prompt: number, output: number]

const day = Date.UTC(2024, 4, 10)
const eastern = (at: number) => new Date(at + 8 * 3_600_000).toISOString().replace('Z', '+08:00')
const pad = (at: number) => new Date(at).toISOString().replace('T', ' ').replace('Z', '')

/** How each format spells calls. */
const formats: Readonly<Record<string, (calls: readonly MadeCall[]) => string[]>> = {
  'Azure of 2023': (calls) => [
    'TIMESTAMP,ContextTokens,GeneratedTokens',
    ...calls.map(([at, prompt, output]) => `${pad(at)}0000,${prompt},${output}`),
  ],
  'Azure of 2024': (calls) => [
    'TIMESTAMP,ContextTokens,GeneratedTokens',
    ...calls.map(([at, prompt, output]) => `${pad(at)}000+00:00,${prompt},${output}`),
  ],
  'Azure with the time of China': (calls) => [
    'TIMESTAMP,NumImages,ContextTokens,GeneratedTokens',
    ...calls.map(([at, prompt, output]) => `${eastern(at)},0,${prompt},${output}`),
  ],
  BurstGPT: (calls) => [
    'Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type',
    ...calls.map(([at, prompt, output]) => `${at / 1000},7,1.5,GPT-4,${prompt},${output},${prompt + output},API log`),
  ],
  Bailian: (calls) =>
    calls.map(([at, prompt, output], i) =>
      JSON.stringify({
        chat_id: i,
        parent_chat_id: -1,
        timestamp: (at - day) / 1000,
        input_length: prompt,
        output_length: output,
        type: 'text',
        turn: 1,
        hash_ids: [1, 2],
      }),
    ),
  Mooncake: (calls) =>
    calls.map(([at, prompt, output]) =>
      JSON.stringify({ timestamp: at - day, input_length: prompt, output_length: output, hash_ids: [0, 1] }),
    ),
  'Azure as JSON Lines': (calls) =>
    calls.map(([at, prompt, output]) =>
      JSON.stringify({ TIMESTAMP: new Date(at).toISOString(), ContextTokens: prompt, GeneratedTokens: `${output}` }),
    ),
}

const madeCall = fc.tuple(
  fc.nat(90_000_000).map((at) => day + at),
  fc.nat(5000),
  fc.nat(2000),
)
const madeCalls = fc.array(madeCall, { minLength: 1, maxLength: 100 })

function modelOf(calls: readonly MadeCall[]) {
  const first = calls.reduce((least, [at]) => Math.min(least, at), Infinity)
  return calls.toSorted(([a], [b]) => a - b).map(([at, prompt, output]) => [at - first, Math.max(1, prompt), output])
}

describe.each(Object.entries(formats))('%s', (name, linesOf) => {
  test.prop([madeCalls, fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.boolean()], { numRuns: 40 })(
    'is read as it was written',
    async (calls, end, isMarked, hasLastEnd) => {
      const text = `${isMarked ? '\ufeff' : ''}${linesOf(calls).join(end)}${hasLastEnd ? end : ''}`
      const { format, rows, calls: found } = await read(text)
      expect(found).toEqual(modelOf(calls))
      expect(rows).toBe(calls.length)
      expect(name.startsWith(format)).toBe(true)
    },
  )
})

describe('columns that the user names', () => {
  const units = { s: 1e-3, ms: 1, us: 1e3, ns: 1e6 }
  const choiceOf = (text: string) => readColumns('--columns', text) as ColumnChoice

  test.prop([madeCalls, fc.constantFrom('s', 'ms', 'us', 'ns'), fc.boolean()], { numRuns: 40 })(
    'are read in every unit, from CSV and from objects within objects',
    async (calls, unit, isJson) => {
      const time = (at: number) => (unit === 's' ? `${at / 1000}` : String(BigInt(at) * BigInt(units[unit])))
      const lines = isJson
        ? calls.map(([at, n, m]) => `{"at": ${time(at - day)}, "usage": {"in": ${n}, "out": {"text": ${m}}}}`)
        : ['usage.out.text,at,usage.in', ...calls.map(([at, n, m]) => `${m},${time(at)},${n}`)]
      const columns = choiceOf(`arrival=at,prompt=usage.in,output=usage.out.text,unit=${unit}`)
      const { format, calls: found } = await read(lines.join('\n'), { columns })
      expect(found).toEqual(modelOf(calls))
      expect(format).toBe('columns')
    },
  )

  test('replace those of the format one by one; a unit alone keeps the format', async () => {
    const text = 'timestamp,input_length,output_length,arrived\n0,1,2,9\n61,3,4,12'
    expect((await read(text)).calls).toEqual([
      [0, 1, 2],
      [61, 3, 4],
    ])
    expect(await read(text, { columns: { unit: 's' } })).toMatchObject({
      format: 'Mooncake',
      calls: [
        [0, 1, 2],
        [61_000, 3, 4],
      ],
    })
    // The unit of a format is that of its own column.
    expect((await read(text, { columns: { arrival: 'arrived' } })).calls).toEqual([
      [0, 1, 2],
      [3000, 3, 4],
    ])
  })

  test('must be columns of the file', async () => {
    const text = 'time,in,out\n0,1,2'
    await expect(read(text, { columns: choiceOf('arrival=time,prompt=inn,output=out') })).rejects.toThrow(
      `Expected \`--columns\` to name columns of ${path}, got prompt=inn; did you mean in?: it has "time,in,out"`,
    )
    await expect(read(text, { columns: { arrival: 'time' }, prefix: 'options.' })).rejects.toThrow(
      /Name the columns with `options\.columns arrival=…,prompt=…,output=…`/,
    )
  })
})

describe('a part of a trace', () => {
  const part = fc.record({
    from: fc.nat(100),
    length: fc.integer({ min: 1, max: 100 }),
    every: fc.integer({ min: 1, max: 7 }),
  })
  const some = fc.array(fc.tuple(fc.nat(120), fc.nat(9), fc.nat(9)), { minLength: 1, maxLength: 60 })

  test.prop([some, part, fc.boolean()], { numRuns: 100 })(
    'has the rows that a filter of the whole list has, in any order of the file',
    async (seconds, { from, length, every }, isRelative) => {
      const text = ['Timestamp,Request tokens,Response tokens', ...seconds.map((row) => row.join(','))].join('\n')
      const start = isRelative ? seconds.reduce((least, [at]) => Math.min(least, at), Infinity) : 0
      const inside = seconds.filter(([at]) => at >= start + from && at < start + from + length)
      const kept = inside.filter((_, i) => i % every === 0)
      const end = isRelative ? 's' : ''
      const options = { from: `${from}${end}`, to: `${from + length}${end}`, every }
      if (kept.length === 0) {
        await expect(read(text, options)).rejects.toThrow(
          /Expected `--from` and `--to` to leave rows of .*, got \d+s? to \d+s?, which has none: the trace lasts \d+\.000 s/,
        )
        return
      }
      const found = await read(text, options)
      expect(found.calls).toEqual(modelOf(kept.map(([at, prompt, output]) => [1000 * at, prompt, output])))
      expect(found).toMatchObject({
        rows: seconds.length,
        outside: seconds.length - inside.length,
        skipped: inside.length - kept.length,
      })
    },
  )

  test('only the rows that are kept count against the bound, and the message names the sample that fits', async () => {
    const text = [
      'Timestamp,Request tokens,Response tokens',
      ...Array.from({ length: 100 }, (_, i) => `${i},1,1`),
    ].join('\n')
    await expect(read(text, { mostCalls: 10, every: 2 })).rejects.toThrow(
      /got 50 of its 100 rows: sample them with `--every 10`/,
    )
    expect((await read(text, { mostCalls: 10, every: 10 })).calls).toHaveLength(10)
    expect((await read(text, { mostCalls: 10, from: '90s' })).calls).toHaveLength(10)
  })
})

test('times that look like another unit give a warning, and dates do not', async () => {
  const rows = (step: number) => Array.from({ length: 20 }, (_, i) => `${i * step},1,1`)
  const header = 'Timestamp,Request tokens,Response tokens'
  expect((await read([header, ...rows(3000)].join('\n'))).warnings).toEqual([
    `The times of ${path} are read as seconds, which gives one call in 3000 s on average. If they are milliseconds, add \`--columns unit=ms\`; \`unit=s\` confirms seconds.`,
  ])
  expect((await read([header, ...rows(3000)].join('\n'), { columns: { unit: 's' } })).warnings).toEqual([])
  expect((await read([header, ...rows(3)].join('\n'))).warnings).toEqual([])
  const dates = rows(1).map((_, i) => `2024-05-${10 + i} 00:00:00,1,1`)
  expect((await read([header, ...dates].join('\n'))).warnings).toEqual([])
})

test('the example of the project has 200 calls in Azure’s format', async () => {
  const example = resolve(import.meta.dirname, '../../../../scenarios/traces/example.csv')
  const { format, rows, workload, warnings } = await readRecorded(example)
  expect([format, rows, workload.arrival.length, warnings]).toEqual(['Azure', 200, 200, []])
  expect(readFileSync(example, 'utf8').split('\n')).toHaveLength(202)
})

test('warns of what is known of a format: batched times, and calls that failed', async () => {
  const calls = [
    [day, 5, 0],
    [day + 3000, 5, 7],
    [day + 3000, 6, 0],
  ] as const
  const warningsOf = async (format: string, options?: RecordedOptions) =>
    (await read(formats[format]!(calls).join('\n'), options)).warnings
  expect(await warningsOf('Mooncake')).toEqual([
    `The times of ${path} are batched by three seconds: use the lengths and the rates a minute, but not the bursts.`,
  ])
  expect(await warningsOf('BurstGPT')).toEqual([
    `2 of 3 calls of ${path} have an answer of 0 tokens: calls that failed. They are replayed with an empty answer.`,
  ])
  expect(await warningsOf('BurstGPT', { to: String((day + 1) / 1000) })).toHaveLength(1)
  expect(await warningsOf('BurstGPT', { every: 2, from: '1s' })).toEqual([])
  expect(await warningsOf('Azure of 2024')).toEqual([])
  expect(await warningsOf('Bailian')).toEqual([])
})

test('tells of its progress for each 100,000 rows', async () => {
  const seen: number[] = []
  const rows = Array.from({ length: 200_100 }, (_, i) => `${i},1,1`)
  const onProgress = (rows: number) => seen.push(rows)
  await read(['Timestamp,Request tokens,Response tokens', ...rows].join('\n'), { onProgress, every: 50_000 })
  expect(seen).toEqual([100_000, 200_000])
})
