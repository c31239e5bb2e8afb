import type { ClientRow, ProgramResult, Results } from './results.ts'

/** A behaviour that was expected of a client before it was measured. */
export interface Claim {
  /** The client or the program. */
  readonly about: string
  readonly expected: string
  /** The situations or the world for which it is expected. */
  readonly where: string
  /** Says whether the results agree, and what they show. */
  readonly check: (results: Results) => Finding
}

export interface Finding {
  readonly holds: boolean
  readonly shown: string
}

/** A claim about one client. It holds when it holds in each of the situations. */
function claimAbout(
  client: string,
  situations: readonly string[],
  expected: string,
  holds: (row: ClientRow) => boolean,
): Claim {
  return {
    about: client,
    expected,
    where: situations.join(', '),
    check({ clients }) {
      const { rows } = clients.find(({ name }) => name === client)!
      const rowsThere = situations.map((name) => rows.find(({ situation }) => situation === name)!)
      const shown = [...new Set(rowsThere.map((row) => outcome(row)))].join('; ')
      return { holds: rowsThere.every(holds), shown }
    },
  }
}

function claimAboutProgram(
  program: string,
  world: string,
  expected: string,
  holds: (result: ProgramResult) => boolean,
): Claim {
  return {
    about: `article: ${program}`,
    expected,
    where: world,
    check({ programs }) {
      const result = programs.find((each) => each.program === program && each.world === world)!
      const { attempts, calls, seconds } = result
      const answered = calls.filter(({ error }) => !error).length
      const times = seconds ? `, at ${seconds.join(', ')} s` : ''
      return {
        holds: holds(result),
        shown: `${attempts.length} attempts, ${answered} of ${calls.length} calls answered${times}`,
      }
    },
  }
}

function outcome({ attempts, told: { text, error } }: ClientRow): string {
  const times = attempts.length === 1 ? '1 attempt' : `${attempts.length} attempts`
  const got = error ? `\`${error.class}\` ${error.by}, status ${error.status ?? 'unknown'}` : 'no error'
  return `${times}, ${got}, text: ${text}`
}

const throttled = ['rpm', 'tpm', 'burst', 'free-quota']
const isTried = (times: number) => (row: ClientRow) => row.attempts.length === times
const isRaised =
  (name: string, times = 1) =>
  (row: ClientRow) =>
    row.attempts.length === times && row.told.error?.by === 'raised' && row.told.error.class === name
const isAnswered = (times: number) => (row: ClientRow) =>
  row.attempts.length === times && row.told.text === 'answer' && !row.told.error
const isSilent = (row: ClientRow) => !row.told.error

/** The clients that take a `fetch`, with one of the strategies of `through-strategy.ts`. */
const withStrategy = (suffix: string) => ['openai-node', 'ai-sdk', 'langchain'].map((sdk) => `${sdk}-${suffix}`)

/** The claims come from the clients' sources, and from trials with captured bodies before this project had a server. */
export const claims: readonly Claim[] = [
  claimAbout('openai-node', throttled, 'a 429 without advice: 3 attempts, whatever its code', isTried(3)),
  claimAbout('openai-node', ['rps-advised', 'tps-advised'], 'waits as Retry-After says', isAnswered(2)),
  claimAbout(
    'openai-node',
    ['advised-too-long'],
    'ignores a Retry-After above 60 s, and retries after its own waits',
    isTried(3),
  ),
  claimAbout('openai-node', ['rps'], 'the default retries outlast a window of a second', isAnswered(3)),
  claimAbout(
    'openai-python',
    throttled,
    'a 429 without advice: `RateLimitError` after 3 attempts',
    isRaised('RateLimitError', 3),
  ),
  claimAbout(
    'openai-python',
    throttled,
    'of it, `.type` is the same as `.code`',
    ({ told: { error } }) => error?.code != null && error.code === error.type,
  ),
  claimAbout('openai-python', ['rps-advised', 'tps-advised'], 'waits as Retry-After says', isAnswered(2)),
  claimAbout(
    'openai-python',
    ['advised-too-long'],
    'gives up at a Retry-After above 120 s',
    isRaised('RateLimitError'),
  ),
  claimAbout(
    'openai-python',
    ['free-tier-only'],
    '403: `PermissionDeniedError`, 1 attempt',
    isRaised('PermissionDeniedError'),
  ),
  claimAbout('openai-python', ['arrears'], 'arrears: `BadRequestError`, 1 attempt', isRaised('BadRequestError')),
  claimAbout(
    'openai-python',
    ['first-frame', 'mid-stream'],
    'an error object in a stream: `APIError` without a status, 1 attempt',
    (row) => isRaised('APIError')(row) && row.told.error!.status === null,
  ),
  claimAbout(
    'openai-python',
    ['leaked-native'],
    'a native error frame in a stream: no exception, an empty answer',
    (row) => isSilent(row) && row.told.text === 'none',
  ),
  claimAbout(
    'openai-python',
    ['error-finish'],
    'an `error_finish` chunk: no exception, the error is the answer’s text',
    (row) => isSilent(row) && row.told.text === 'error text',
  ),
  claimAbout('dashscope-python', [...throttled, 'rps', 'rps-advised', 'capacity'], 'never retries', isTried(1)),
  claimAbout(
    'dashscope-python',
    [...throttled, 'free-tier-only', 'arrears', 'unknown-key', 'first-frame', 'mid-stream'],
    'never raises: the error is a value',
    ({ told }) => told.error?.by === 'returned',
  ),
  claimAbout(
    'dashscope-python',
    ['first-frame', 'mid-stream'],
    'a 429 in a stream is seen as status 400',
    ({ told }) => told.error?.status === 400,
  ),
  claimAbout(
    'ai-sdk',
    throttled,
    'a 429 without advice: 3 attempts, after 2 s and 4 s',
    ({ attempts }) => attempts.map(({ wait }) => wait).join() === ',2 s,4 s',
  ),
  claimAbout('ai-sdk', ['rps-advised', 'tps-advised'], 'waits as Retry-After says', isAnswered(2)),
  claimAbout(
    'ai-sdk',
    ['advised-too-long'],
    'ignores a Retry-After of a minute or more, and retries after its own waits',
    isTried(3),
  ),
  claimAbout('ai-sdk', ['free-tier-only', 'arrears'], '403 and 400: 1 attempt', isTried(1)),
  claimAbout('langchain', throttled, 'a 429 without advice: 1 attempt', isTried(1)),
  claimAbout(
    'langchain',
    ['rpm', 'burst'],
    'it is raised as `RateLimitCapacityError`',
    ({ told }) => told.error?.class.startsWith('RateLimitCapacityError') === true,
  ),
  claimAbout('langchain', ['rps-advised'], 'a 429 with advice is tried again', isAnswered(2)),
  claimAbout('langchain', ['advised-too-long'], 'gives up at a Retry-After above 60 s', isTried(1)),
  claimAbout('langchain', ['tps-advised'], '`insufficient_quota` is final even with advice', isTried(1)),
  ...[...withStrategy('to-fetch'), ...withStrategy('recommended')].flatMap((client) => [
    claimAbout(
      client,
      ['rpm', 'rpm-stream', 'tpm', 'burst', 'first-frame', 'leaked-native', 'error-finish'],
      'a 429 that passes, wherever it stands: the answer',
      ({ told }) => told.text === 'answer' && !told.error,
    ),
    claimAbout(client, ['rps-advised', 'tps-advised'], 'waits as Retry-After says', isAnswered(2)),
    claimAbout(
      client,
      ['free-quota', 'free-tier-only', 'arrears', 'unknown-key', 'unknown-model'],
      'an error that no wait changes: 1 attempt, and the client’s own error',
      (row) => isTried(1)(row) && row.told.error !== undefined,
    ),
    claimAbout(
      client,
      ['mid-stream'],
      'an error after a part of the answer: 1 attempt, and the client’s own error',
      (row) => isTried(1)(row) && row.told.text === 'part' && row.told.error !== undefined,
    ),
  ]),
  ...withStrategy('to-fetch').map((client) =>
    claimAbout(
      client,
      ['rps', 'capacity'],
      'a limit of a second, and a failure that passes: the answer',
      ({ told }) => told.text === 'answer' && !told.error,
    ),
  ),
  claimAboutProgram(
    'backoff',
    'RPM used up',
    'its 5 attempts times the 3 of the client beneath it: 15',
    ({ attempts }) => attempts.length === 15,
  ),
  claimAboutProgram(
    'queue',
    'six callers at once',
    'callers that come at once all wait for the same instant',
    ({ seconds }) => seconds!.slice(1).every((each) => each === 1),
  ),
  claimAboutProgram(
    'rotation',
    'two keys of one account, 2 RPM',
    'keys of one account share its limits: 2 calls of 4 are answered',
    ({ calls }) => calls.filter(({ error }) => !error).length === 2,
  ),
  claimAboutProgram(
    'rotation',
    'two accounts, 2 RPM each',
    'keys of two accounts do not: all 4 are answered',
    ({ calls }) => calls.every(({ error }) => !error),
  ),
]
