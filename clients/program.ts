import type { MockSetup } from '../sim/mock/mock-setup.ts'
import type { Limit } from '../src/core/limit.ts'
import { attemptsOf, summaryOf } from './observe.ts'
import { python } from './python.ts'
import type { ProgramResult } from './results.ts'
import { open, plainAnswer } from './scene.ts'
import { arrears, key, model, oneAMinute, oneASecond, prompt, stopped, swift } from './situation.ts'
import type { CallerView } from './task.ts'

/** One of the article's programs, and the world in which it runs. */
interface Story {
  readonly program: string
  readonly world: string
  readonly setup: MockSetup
  readonly keys?: readonly string[]
  /** For which models the limits are used up beforehand. */
  readonly usedUp?: readonly string[]
  readonly calls?: number
  readonly manner?: 'one by one' | 'at once'
  /** Whether it is told when the program let its calls go. */
  readonly isTimed?: boolean
  /** Before each retry, ms; those within the client and those of the program. Absent: not told. */
  readonly waits?: readonly (readonly [number, number])[]
}

const chain = [model, 'qwen-plus', 'qwen-turbo']
const [first, second] = ['sk-first', 'sk-second']
const each = (models: readonly string[], limit: Limit) => Object.fromEntries(models.map((name) => [name, [limit]]))
const minute = (limit: number): Limit => ({ rule: 'rpm', limit, window: 60_000 })
const sixtyAMinute: MockSetup = { ...swift, limits: each([model], minute(60)) }
const twoAMinute: MockSetup = { ...swift, limits: each([model], minute(2)) }
const down: MockSetup = { ...swift, faults: [{ when: 'always', do: { capacity: true } }] }

/** Of the `openai` package, which every program has beneath it. */
const within = [
  [375, 500],
  [750, 1000],
] as const

/** A program's own waits, and those of the client between them. */
const around = (...waits: readonly (readonly [number, number])[]) => [
  ...waits.flatMap((own) => [...within, own]),
  ...within,
]

const stories: readonly Story[] = [
  {
    program: 'backoff',
    world: 'RPM used up',
    setup: oneAMinute,
    usedUp: [model],
    waits: around([1000, 2000], [2000, 3000], [4000, 5000], [8000, 9000]),
  },
  { program: 'backoff', world: 'RPS used up, free again after 1 s', setup: oneASecond, usedUp: [model], waits: within },
  { program: 'backoff', world: '503, capacity', setup: down, waits: within },
  { program: 'backoff_around_dashscope', world: 'RPM used up', setup: oneAMinute, usedUp: [model] },
  {
    program: 'queue',
    world: 'four callers, one after the other',
    setup: sixtyAMinute,
    calls: 4,
    manner: 'one by one',
    isTimed: true,
  },
  { program: 'queue', world: 'six callers at once', setup: sixtyAMinute, calls: 6, manner: 'at once', isTimed: true },
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
    setup: { ...swift, limits: each(chain, minute(1)) },
    usedUp: chain,
  },
  { program: 'fallback', world: '503, capacity', setup: down },
  { program: 'fallback', world: '403, free quota used up, stop switch on', setup: stopped },
  { program: 'fallback', world: '400, arrears', setup: arrears },
  { program: 'minimal', world: 'the proxy has quota', setup: swift },
  { program: 'proxy', world: 'the proxy has quota', setup: swift },
  {
    program: 'proxy',
    world: 'RPM of the pool used up',
    setup: oneAMinute,
    usedUp: [model],
    waits: around([1000, 1000], [2000, 2000]),
  },
  { program: 'proxy', world: '503, capacity', setup: down, waits: within },
]

/** Runs them all at once. Rejects when Python or a package is missing. */
export async function runPrograms(): Promise<readonly ProgramResult[]> {
  const answer = await plainAnswer(swift, key, model, prompt)
  const scenes = await Promise.all(
    stories.map(({ setup, keys = [key], usedUp = [] }) =>
      open(
        setup,
        usedUp.map((used) => ({ key: keys[0]!, model: used })),
      ),
    ),
  )
  const tasks = stories.map(({ program, keys = [key], calls, manner }, index) => ({
    program,
    keys,
    calls,
    manner,
    prompt,
    origin: scenes[index]!.origin,
  }))
  const told = await python<readonly Timed[]>('article_programs.py', tasks)
  const records = await Promise.all(scenes.map((scene) => scene.close()))
  return stories.map(({ program, world, waits = [], isTimed = false }, index) => {
    const seen = records[index]!
    const attempts = attemptsOf(seen, waits)
    return {
      program,
      world,
      calls: told[index]!.map((call) => summaryOf(call, answer, seen)),
      attempts: waits.length > 0 ? attempts : attempts.map(({ wait: _, ...attempt }) => attempt),
      ...(isTimed && { seconds: secondsOf(told[index]!) }),
    }
  })
}

/** `at`: when the program let the call go, seconds of a clock of its own. */
type Timed = CallerView & { readonly at?: number }

function secondsOf(calls: readonly Timed[]): readonly number[] {
  const times = calls.map(({ at }) => at!).sort((a, b) => a - b)
  return times.map((time) => Math.round(time - times[0]!))
}
