import type { MockSetup } from '../sim/setup/mock-setup.ts'
import type { Limit } from '../src/core/limit.ts'
import { attemptsOf, summaryOf } from './observe.ts'
import { python } from './python.ts'
import type { ProgramResult } from './results.ts'
import { openScene, plainAnswer } from './scene.ts'
import { arrears, fastAnswers, key, model, oneAMinute, oneASecond, prompt, stopSwitchOn } from './situation.ts'
import type { CallerView } from './task.ts'

/** One of the article's programs, and the world in which it runs. */
interface ProgramRun {
  readonly program: string
  readonly world: string
  readonly setup: MockSetup
  readonly keys?: readonly string[]
  /** The models whose limits are used up before the program starts. */
  readonly usedUp?: readonly string[]
  readonly calls?: number
  readonly callers?: 'one by one' | 'at once'
  /** Whether the report has the instants at which the program sent its calls. */
  readonly isTimed?: boolean
  /** The ranges of the waits before each retry, of the client and of the program, in milliseconds. Default: waits are not reported. */
  readonly waits?: readonly (readonly [number, number])[]
}

const chain = [model, 'qwen-plus', 'qwen-turbo']
const [first, second] = ['sk-first', 'sk-second']
const each = (models: readonly string[], limit: Limit) => Object.fromEntries(models.map((name) => [name, [limit]]))
const minute = (limit: number): Limit => ({ rule: 'rpm', limit, window: 60_000 })
const sixtyAMinute: MockSetup = { ...fastAnswers, limits: each([model], minute(60)) }
const twoAMinute: MockSetup = { ...fastAnswers, limits: each([model], minute(2)) }
const noCapacity: MockSetup = { ...fastAnswers, faults: [{ when: 'always', do: { capacity: true } }] }

/** The waits of the `openai` package, which every program uses. */
const clientWaits = [
  [375, 500],
  [750, 1000],
] as const

/** The waits of a program, with those of the client before and after each. */
const withClientWaits = (...waits: readonly (readonly [number, number])[]) => [
  ...waits.flatMap((own) => [...clientWaits, own]),
  ...clientWaits,
]

const programRuns: readonly ProgramRun[] = [
  {
    program: 'backoff',
    world: 'RPM used up',
    setup: oneAMinute,
    usedUp: [model],
    waits: withClientWaits([1000, 2000], [2000, 3000], [4000, 5000], [8000, 9000]),
  },
  {
    program: 'backoff',
    world: 'RPS used up, free again after 1 s',
    setup: oneASecond,
    usedUp: [model],
    waits: clientWaits,
  },
  { program: 'backoff', world: '503, capacity', setup: noCapacity, waits: clientWaits },
  { program: 'backoff_around_dashscope', world: 'RPM used up', setup: oneAMinute, usedUp: [model] },
  {
    program: 'queue',
    world: 'four callers, one after the other',
    setup: sixtyAMinute,
    calls: 4,
    callers: 'one by one',
    isTimed: true,
  },
  { program: 'queue', world: 'six callers at once', setup: sixtyAMinute, calls: 6, callers: 'at once', isTimed: true },
  {
    program: 'rotation',
    world: 'two keys of one account, 2 RPM',
    setup: { ...twoAMinute, accounts: [{ name: 'main', keys: [first, second] }] },
    keys: [first, second],
    calls: 4,
  },
  {
    program: 'rotation',
    world: 'two accounts, 2 RPM each',
    setup: {
      ...twoAMinute,
      accounts: [
        { name: 'first', keys: [first] },
        { name: 'second', keys: [second] },
      ],
    },
    keys: [first, second],
    calls: 4,
  },
  { program: 'fallback', world: 'RPM of qwen3-max used up', setup: oneAMinute, usedUp: [model] },
  {
    program: 'fallback',
    world: 'RPM of all three models used up',
    setup: { ...fastAnswers, limits: each(chain, minute(1)) },
    usedUp: chain,
  },
  { program: 'fallback', world: '503, capacity', setup: noCapacity },
  { program: 'fallback', world: '403, free quota used up, stop switch on', setup: stopSwitchOn },
  { program: 'fallback', world: '400, arrears', setup: arrears },
  { program: 'minimal', world: 'the proxy has quota', setup: fastAnswers },
  { program: 'proxy', world: 'the proxy has quota', setup: fastAnswers },
  {
    program: 'proxy',
    world: 'RPM of the pool used up',
    setup: oneAMinute,
    usedUp: [model],
    waits: withClientWaits([1000, 1000], [2000, 2000]),
  },
  { program: 'proxy', world: '503, capacity', setup: noCapacity, waits: clientWaits },
]

/** Runs all programs at the same time. Rejects when Python or a package is missing. */
export async function runPrograms(): Promise<readonly ProgramResult[]> {
  const answer = await plainAnswer(fastAnswers, key, model, prompt)
  const scenes = await Promise.all(
    programRuns.map(({ setup, keys = [key], usedUp = [] }) =>
      openScene(
        setup,
        usedUp.map((used) => ({ key: keys[0]!, model: used })),
      ),
    ),
  )
  const tasks = programRuns.map(({ program, keys = [key], calls, callers }, index) => ({
    program,
    keys,
    calls,
    callers,
    prompt,
    origin: scenes[index]!.origin,
  }))
  const views = await python<readonly TimedView[]>('article_programs.py', tasks)
  const records = await Promise.all(scenes.map((scene) => scene.close()))
  return programRuns.map(({ program, world, waits = [], isTimed = false }, index) => {
    const received = records[index]!
    const attempts = attemptsOf(received, waits)
    return {
      program,
      world,
      calls: views[index]!.map((call) => summaryOf(call, answer, received)),
      attempts: waits.length > 0 ? attempts : attempts.map(({ wait: _, ...attempt }) => attempt),
      ...(isTimed && { seconds: secondsOf(views[index]!) }),
    }
  })
}

/** `at` is the instant at which the program sent the call, in seconds of the program's clock. */
type TimedView = CallerView & { readonly at?: number }

function secondsOf(calls: readonly TimedView[]): readonly number[] {
  const times = calls.map(({ at }) => at!).sort((a, b) => a - b)
  return times.map((time) => Math.round(time - times[0]!))
}
