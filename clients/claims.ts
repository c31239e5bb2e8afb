import type { ClientRow, ProgramResult, Results } from './results.ts'

/** Something that was expected of a client before it was measured. */
export interface Claim {
  readonly about: string
  readonly says: string
  /** The situations or the world that it speaks of. */
  readonly where: string
  /** Whether the results bear it out, and what they show. */
  readonly check: (results: Results) => Finding
}

export interface Finding {
  readonly isSo: boolean
  readonly shown: string
}

/** A claim about one client in some situations; each must bear it out. */
function of(client: string, situations: readonly string[], says: string, isSo: (row: ClientRow) => boolean): Claim {
  return {
    about: client,
    says,
    where: situations.join(', '),
    check({ clients }) {
      const { rows } = clients.find(({ name }) => name === client)!
      const met = situations.map((name) => rows.find(({ situation }) => situation === name)!)
      const shown = [...new Set(met.map((row) => outcome(row)))].join('; ')
      return { isSo: met.every(isSo), shown }
    },
  }
}

function ofProgram(program: string, world: string, says: string, isSo: (result: ProgramResult) => boolean): Claim {
  return {
    about: `article: ${program}`,
    says,
    where: world,
    check({ programs }) {
      const result = programs.find((each) => each.program === program && each.world === world)!
      const { attempts, calls, seconds } = result
      const well = calls.filter(({ error }) => !error).length
      const times = seconds ? `, at ${seconds.join(', ')} s` : ''
      return {
        isSo: isSo(result),
        shown: `${attempts.length} attempts, ${well} of ${calls.length} calls answered${times}`,
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

/** From the clients' sources, and from trials with captured bodies, before this project had a server. */
export const claims: readonly Claim[] = [
  of('openai-node', throttled, 'a 429 without advice: 3 attempts, whatever its code', isTried(3)),
  of('openai-node', ['rps-advised', 'tps-advised'], 'waits as Retry-After says', isAnswered(2)),
  of(
    'openai-node',
    ['advised-too-long'],
    'ignores a Retry-After above 60 s, and retries after its own waits',
    isTried(3),
  ),
  of('openai-node', ['rps'], 'the default retries outlast a window of a second', isAnswered(3)),
  of(
    'openai-python',
    throttled,
    'a 429 without advice: `RateLimitError` after 3 attempts',
    isRaised('RateLimitError', 3),
  ),
  of(
    'openai-python',
    throttled,
    'of it, `.type` is the same as `.code`',
    ({ told: { error } }) => error?.code != null && error.code === error.type,
  ),
  of('openai-python', ['rps-advised', 'tps-advised'], 'waits as Retry-After says', isAnswered(2)),
  of('openai-python', ['advised-too-long'], 'gives up at a Retry-After above 120 s', isRaised('RateLimitError')),
  of('openai-python', ['free-tier-only'], '403: `PermissionDeniedError`, 1 attempt', isRaised('PermissionDeniedError')),
  of('openai-python', ['arrears'], 'arrears: `BadRequestError`, 1 attempt', isRaised('BadRequestError')),
  of(
    'openai-python',
    ['first-frame', 'mid-stream'],
    'an error object in a stream: `APIError` without a status, 1 attempt',
    (row) => isRaised('APIError')(row) && row.told.error!.status === null,
  ),
  of(
    'openai-python',
    ['leaked-native'],
    'a native error frame in a stream: no exception, an empty answer',
    (row) => isSilent(row) && row.told.text === 'none',
  ),
  of(
    'openai-python',
    ['error-finish'],
    'an `error_finish` chunk: no exception, the error is the answer’s text',
    (row) => isSilent(row) && row.told.text === 'error text',
  ),
  of('dashscope-python', [...throttled, 'rps', 'rps-advised', 'capacity'], 'never retries', isTried(1)),
  of(
    'dashscope-python',
    [...throttled, 'free-tier-only', 'arrears', 'unknown-key', 'first-frame', 'mid-stream'],
    'never raises: the error is a value',
    ({ told }) => told.error?.by === 'returned',
  ),
  of(
    'dashscope-python',
    ['first-frame', 'mid-stream'],
    'a 429 in a stream is seen as status 400',
    ({ told }) => told.error?.status === 400,
  ),
  of(
    'ai-sdk',
    throttled,
    'a 429 without advice: 3 attempts, after 2 s and 4 s',
    ({ attempts }) => attempts.map(({ wait }) => wait).join() === ',2 s,4 s',
  ),
  of('ai-sdk', ['rps-advised', 'tps-advised'], 'waits as Retry-After says', isAnswered(2)),
  of(
    'ai-sdk',
    ['advised-too-long'],
    'ignores a Retry-After of a minute or more, and retries after its own waits',
    isTried(3),
  ),
  of('ai-sdk', ['free-tier-only', 'arrears'], '403 and 400: 1 attempt', isTried(1)),
  of('langchain', throttled, 'a 429 without advice: 1 attempt', isTried(1)),
  of(
    'langchain',
    ['rpm', 'burst'],
    'it is raised as `RateLimitCapacityError`',
    ({ told }) => told.error?.class.startsWith('RateLimitCapacityError') === true,
  ),
  of('langchain', ['rps-advised'], 'a 429 with advice is tried again', isAnswered(2)),
  of('langchain', ['advised-too-long'], 'gives up at a Retry-After above 60 s', isTried(1)),
  of('langchain', ['tps-advised'], '`insufficient_quota` is final even with advice', isTried(1)),
  ofProgram(
    'backoff',
    'RPM used up',
    'its 5 attempts times the 3 of the client beneath it: 15',
    ({ attempts }) => attempts.length === 15,
  ),
  ofProgram('queue', 'six callers at once', 'callers that come at once all wait for the same instant', ({ seconds }) =>
    seconds!.slice(1).every((each) => each === 1),
  ),
  ofProgram(
    'rotation',
    'two keys of one account, 2 RPM',
    'keys of one account share its limits: 2 calls of 4 are answered',
    ({ calls }) => calls.filter(({ error }) => !error).length === 2,
  ),
  ofProgram('rotation', 'two accounts, 2 RPM each', 'keys of two accounts do not: all 4 are answered', ({ calls }) =>
    calls.every(({ error }) => !error),
  ),
]
