import { decimal } from '../src/report/figures/figures.ts'
import { batchCalls } from './batch.ts'
import { claims } from './claims.ts'
import type { Attempt, BatchResult, CallSummary, ClientResults, ProgramResult, Results } from './results.ts'

/** Renders the report as Markdown. It is a pure function of the results. */
export function render(results: Results): string {
  const parts = [
    head,
    overview(results.clients),
    batches(results.batches),
    findings(results),
    ...results.clients.map(client),
    programs(results.programs),
    tail,
  ]
  return `${parts.join('\n\n')}\n`
}

const head = `# What real clients make of the service's errors

Unmodified clients against \`serve(mock(…))\` on the loopback interface, in real time, with every option of theirs at its default. Each row is one
call against a server of its own. Attempts are counted by the mock, not by the client. What is waited between two attempts is random in some
clients: the table has the range that the client's source gives, or the measured time marked "not as documented" where it was outside (a timer
may be 0.6 s late). A client "with \`toFetch\`" has a strategy in the place of its own retries, a new one for each call: \`retry\`, which makes seven attempts
with waits of 1.2, 2.4, 4.8, … s or as long as Retry-After says, or \`recommended\`, whose waits depend on what it learns. "Id": whether the error that the
caller gets carries an id that the provider logged. The profile is \`intl\`. No sleep is scaled.

    npm run clients`

/** A table with a line for each situation and a column for each client. */
function overview(clients: readonly ClientResults[]): string {
  const titles = new Map(clients.flatMap(({ rows }) => rows.map(({ situation, title }) => [situation, title] as const)))
  const cell = (situation: string) => (client: ClientResults) => {
    const row = client.rows.find((each) => each.situation === situation)
    return row ? `${row.attempts.length}: ${brief(row.told)}` : ''
  }
  const silent = clients.flatMap(({ title, rows }) =>
    rows
      .filter(({ told }) => !told.error && told.text !== 'answer')
      .map((row) => [title, row.title, texts[row.told.text]]),
  )
  return [
    '## Overview',
    'The number of attempts, and what the caller gets in the end.',
    table(
      ['situation', ...clients.map(({ title }) => title)],
      [...titles].map(([name, title]) => [title, ...clients.map(cell(name))]),
    ),
    '### Failures that the caller is not told of',
    table(['client', 'situation', 'the caller gets'], silent),
  ].join('\n\n')
}

function brief({ text, error }: CallSummary): string {
  if (!error) return texts[text]
  return error.by === 'returned' ? `a value, status ${error.status}` : `\`${error.class}\``
}

function batches(results: readonly BatchResult[]): string {
  const rows = results.map(({ title, isAlone, answered, attempts, seconds }) => [
    title,
    isAlone ? 'its own retries' : '`toFetch(recommended())`',
    `${answered}`,
    decimal(attempts / batchCalls),
    `${seconds} s`,
  ])
  return [
    '## A batch of calls',
    `${batchCalls} calls at once, in virtual time, each client against a new mock with its defaults: the limits of \`intl\` and the burst guard.`,
    table(['client', 'with', 'answered', 'attempts per call', 'the last one after'], rows),
  ].join('\n\n')
}

function findings(results: Results): string {
  const checked = claims.map((claim) => ({ ...claim, ...claim.check(results) }))
  const refuted = checked
    .filter(({ holds }) => !holds)
    .map(({ about, expected, where, shown }) => [about, expected, where, shown])
  const held = checked.filter(({ holds }) => holds).map(({ about, expected, where }) => [about, expected, where])
  return [
    '## Expected and measured',
    `Expected from the clients' sources, from their documentation and from trials with captured bodies. ${held.length} of ${checked.length} expectations hold.`,
    ...(refuted.length > 0
      ? ['### Otherwise than expected', table(['client', 'expected', 'where', 'measured'], refuted)]
      : []),
    '### As expected',
    table(['client', 'expected', 'where'], held),
  ].join('\n\n')
}

function client({ title, versions, rows }: ClientResults): string {
  const installed = Object.entries(versions).map(([name, version]) => `\`${name}\` ${version}`)
  const cells = rows.map(({ title, attempts, told }) => [title, statuses(attempts), waits(attempts), ...outcome(told)])
  const header = ['situation', 'attempts', 'waits', 'the caller gets', 'status', 'code', 'type', 'id', 'message']
  return [`## ${title}`, `${installed.join(', ')}.`, table(header, cells)].join('\n\n')
}

function programs(results: readonly ProgramResult[]): string {
  const cells = results.map(({ program, world, attempts, calls, seconds }) => {
    const timing = seconds ? `at ${seconds.join(', ')} s` : waits(attempts)
    return [programTitles[program] ?? program, world, byModel(attempts), timing, calls.map(callOf).join('; ')]
  })
  return [
    '## The article’s programs',
    `The listings as printed (\`clients/python/article/\`), with only addresses and keys replaced, on the Python packages above. They define functions and
classes; what calls them is \`clients/python/article_programs.py\`.`,
    table(
      ['program', 'world', 'attempts', 'waits, or when the calls were let go', 'the caller gets, call by call'],
      cells,
    ),
  ].join('\n\n')
}

const programTitles: Readonly<Record<string, string>> = {
  backoff: '`call_with_backoff` around `openai`',
  backoff_around_dashscope: '`call_with_backoff` around `dashscope`',
  queue: '`RequestQueue(rpm_limit=60)`',
  rotation: '`MultiAccountClient`',
  fallback: '`FallbackClient`',
  minimal: 'the minimalist example',
  proxy: '`Qwen3MaxClient`',
}

const tail = `## Versions

Node packages are pinned by \`package-lock.json\`, Python packages by \`clients/requirements.txt\`. \`npm run test:integration\` measures again and
compares.`

function statuses(attempts: readonly Attempt[]): string {
  const runs: { status: number; times: number }[] = []
  for (const { status } of attempts) {
    const last = runs.at(-1)
    if (last?.status === status) last.times++
    else runs.push({ status, times: 1 })
  }
  return runs.map(({ status, times }) => (times === 1 ? `${status}` : `${times} × ${status}`)).join(', ')
}

function byModel(attempts: readonly Attempt[]): string {
  const models = [...new Set(attempts.map(({ model }) => model))]
  return models.map((name) => `${name}: ${statuses(attempts.filter(({ model }) => model === name))}`).join('; ')
}

function waits(attempts: readonly Attempt[]): string {
  return attempts.flatMap(({ wait }) => wait ?? []).join(', ')
}

/** The cells from the column "the caller gets" on. */
function outcome(told: CallSummary): string[] {
  const { error } = told
  if (!error) return [callOf(told), '', '', '', '', '']
  const { status, code, type, hasRequestId, message } = error
  return [callOf(told), `${status ?? '–'}`, code ?? '–', type ?? '–', hasRequestId ? 'yes' : 'no', message]
}

const texts: Readonly<Record<CallSummary['text'], string>> = {
  answer: 'the answer',
  part: 'part of the answer',
  none: 'an empty answer',
  'error text': 'the error’s text as the answer',
  other: 'another text',
}

function callOf({ text, tokens, error }: CallSummary): string {
  if (!error) return tokens ? `${texts[text]}, ${tokens.join(' + ')} tokens` : texts[text]
  const how = { raised: 'raised', returned: 'returned', callback: 'in `onError`' }[error.by]
  return `${text === 'none' ? '' : `${texts[text]}, then `}\`${error.class}\` ${how}`
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')
}
