import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { clients } from '../../clients/clients.ts'
import { measureClients, versionsOf } from '../../clients/measure.ts'
import { runPrograms } from '../../clients/program.ts'
import type { ClientResults, ClientRow, ProgramResult, Results } from '../../clients/results.ts'

// Real clients run over real sockets and in real time. They run at the same time, because they wait for most of it.
const committed: Results = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../reports/clients/report.json'), 'utf8'),
)
const stale = 'reports/clients is out of date: run npm run clients'

const python = clients.filter(({ language }) => language === 'python').map(versionsOf)
/** The reason why a Python client cannot run, such as a missing package. */
const unavailable = python.find((versions) => typeof versions === 'string')
/** The reason why Python clients are skipped. In CI they are never skipped. */
const skipReason = process.env.CI === 'true' ? undefined : unavailable
if (skipReason) console.warn(`Python clients are skipped: ${skipReason}`)

const run = clients.filter(({ language }) => !skipReason || language === 'node')

/** Measures up to three times until the result equals the report. A busy machine delays timers, and a late retry can fall into another window. */
async function measuredAgain<T>(measuring: () => Promise<T>, report: unknown): Promise<T> {
  for (let left = 2; ; left--) {
    const result = await measuring()
    if (left === 0 || isDeepStrictEqual(result, report)) return result
  }
}

let measured: readonly ClientResults[]
let programs: readonly ProgramResult[]

beforeAll(async () => {
  const measuring = run.map((client) =>
    measuredAgain(
      () => measureClients(client),
      committed.clients.find(({ name }) => name === client.name),
    ),
  )
  const running = skipReason ? [] : measuredAgain(runPrograms, committed.programs)
  ;[measured, programs] = await Promise.all([Promise.all(measuring), running])
}, 300_000)

/** Returns the number of attempts and the end of the call: its text, or its error. */
function brief({ attempts, told: { text, error } }: ClientRow): string {
  return `${attempts.length} ${error ? [error.class, error.status, error.code].filter(Boolean).join(' ') : text}`
}

/** Both SDKs of OpenAI are generated from one description, so they behave alike. */
const openai: Readonly<Record<string, string>> = {
  stream: '1 answer',
  rpm: '3 RateLimitError 429 limit_requests',
  tpm: '3 RateLimitError 429 insufficient_quota',
  burst: '3 RateLimitError 429 limit_burst_rate',
  'free-quota': '3 RateLimitError 429 insufficient_quota',
  'rps-advised': '2 answer',
  'free-tier-only': '1 PermissionDeniedError 403 AllocationQuota.FreeTierOnly',
  arrears: '1 BadRequestError 400 Arrearage',
  'unknown-key': '1 AuthenticationError 401 invalid_api_key',
  capacity: '3 answer',
  'mid-stream': '1 APIError limit_burst_rate',
}

/** What every client gets with `toFetch` and `retry`: the answer, unless no wait changes the error. */
const throughRetry: Readonly<Record<string, string>> = {
  answer: '1 answer',
  stream: '1 answer',
  rpm: '7 answer',
  'rpm-stream': '7 answer',
  tpm: '7 answer',
  burst: '6 answer',
  'rps-advised': '2 answer',
  'tps-advised': '2 answer',
  capacity: '3 answer',
  'first-frame': '6 answer',
  'leaked-native': '7 answer',
  'error-finish': '7 answer',
}

/** And with `recommended`, whose attempts depend on what it learns. */
const throughRecommended: Readonly<Record<string, unknown>> = {
  answer: '1 answer',
  stream: '1 answer',
  ...Object.fromEntries(
    ['rpm', 'rpm-stream', 'tpm', 'burst', 'first-frame', 'leaked-native', 'error-finish'].map((situation) => [
      situation,
      expect.stringMatching(/ answer$/),
    ]),
  ),
  'rps-advised': '2 answer',
  'tps-advised': '2 answer',
}

const expected: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'openai-node-to-fetch': throughRetry,
  'ai-sdk-to-fetch': throughRetry,
  'langchain-to-fetch': throughRetry,
  'openai-node-recommended': throughRecommended,
  'ai-sdk-recommended': throughRecommended,
  'langchain-recommended': throughRecommended,
  'openai-node': openai,
  'openai-python': { ...openai, 'leaked-native': '1 none' },
  'dashscope-python': {
    answer: '1 answer',
    stream: '1 answer',
    incremental: '1 answer',
    multimodal: '1 answer',
    rpm: '1 GenerationResponse 429 Throttling.RateQuota',
    tpm: '1 GenerationResponse 429 Throttling.AllocationQuota',
    burst: '1 GenerationResponse 429 Throttling.BurstRate',
    'free-tier-only': '1 GenerationResponse 403 AllocationQuota.FreeTierOnly',
    arrears: '1 GenerationResponse 400 Arrearage',
    'unknown-key': '1 GenerationResponse 401 InvalidApiKey',
    capacity: '1 GenerationResponse 503 ModelServingError',
    'mid-stream': '1 GenerationResponse 400 Throttling.BurstRate',
  },
  'ai-sdk': {
    stream: '1 answer',
    rpm: '3 AI_RetryError of AI_APICallError 429 limit_requests',
    tpm: '3 AI_RetryError of AI_APICallError 429 insufficient_quota',
    'free-tier-only': '1 AI_APICallError 403 AllocationQuota.FreeTierOnly',
    arrears: '1 AI_APICallError 400 Arrearage',
    capacity: '3 answer',
  },
  langchain: {
    stream: '1 answer',
    rpm: '1 RateLimitCapacityError, a RateLimitError 429 limit_requests',
    tpm: '1 InsufficientQuotaError, a RateLimitError 429 insufficient_quota',
    'rps-advised': '2 answer',
    'tps-advised': '1 InsufficientQuotaError, a RateLimitError 429 insufficient_quota',
    arrears: '1 BadRequestError 400 Arrearage',
    capacity: '3 answer',
  },
}

describe.each(clients)('$title', ({ name, language }) => {
  const measuredResults = () => measured.find((each) => each.name === name)!

  test('makes the expected number of attempts and ends as expected in each situation', ({ skip }) => {
    if (skipReason && language === 'python') skip(skipReason)
    const seen = Object.fromEntries(measuredResults().rows.map((row) => [row.situation, brief(row)]))
    expect(seen).toMatchObject(expected[name]!)
  })

  test('gives the same results as the committed report', ({ skip }) => {
    if (skipReason && language === 'python') skip(skipReason)
    expect(measuredResults(), stale).toEqual(committed.clients.find((each) => each.name === name))
  })
})

describe('the article’s programs', () => {
  const attemptsOf = (program: string, world: string) => {
    const result = programs.find((each) => each.program === program && each.world === world)!
    return result.attempts.map(({ model, status }) => `${model} ${status}`)
  }

  test('make the expected attempts in each world', ({ skip }) => {
    if (skipReason) skip(skipReason)
    expect(attemptsOf('backoff', 'RPM used up')).toEqual(Array(15).fill('qwen3-max 429'))
    expect(attemptsOf('proxy', 'RPM of the pool used up')).toHaveLength(9)
    expect(attemptsOf('fallback', 'RPM of qwen3-max used up').at(-1)).toBe('qwen-plus 200')
    expect(
      attemptsOf('rotation', 'two keys of one account, 2 RPM').filter((each) => each.endsWith('200')),
    ).toHaveLength(2)
    expect(attemptsOf('rotation', 'two accounts, 2 RPM each').filter((each) => each.endsWith('200'))).toHaveLength(4)
  })

  test('give the same results as the committed report', ({ skip }) => {
    if (skipReason) skip(skipReason)
    expect(programs, stale).toEqual(committed.programs)
  })
})
