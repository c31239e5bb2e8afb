import type { Millis } from '../src/core/clock.ts'
import { type Bounds, numberProblem, show } from '../src/core/expect.ts'
import type { Switches } from '../src/core/world.ts'

/** One switch: what it may be, what it is unless said otherwise, and on what ground. */
export interface SwitchRow<T> {
  readonly default: T
  readonly values: readonly T[] | Bounds
  readonly label: 'assumption' | 'fact'
  readonly about: string
}

const hour: Millis = 3_600_000
const day: Millis = 24 * hour

/** Every default is in this table and nowhere else; `docs/discoveries.md` says what is known about each. */
export const switchTable: { readonly [K in keyof Switches]: SwitchRow<Switches[K]> } = {
  window: {
    default: 'sliding',
    values: ['sliding', 'fixed', 'bucket'],
    label: 'assumption',
    about: 'window algorithm; the article says sliding, Alibaba documents none',
  },
  rejectsCount: {
    default: false,
    values: [false, true],
    label: 'assumption',
    about: 'rejected attempts count against RPM and RPS; not documented',
  },
  tokenCharge: {
    default: 'split',
    values: ['split', 'admission', 'reserve', 'completion'],
    label: 'assumption',
    about: 'when tokens count; split: prompt at admission, output on completion',
  },
  retryAfter: {
    default: 'none',
    values: ['none', 'exact', 'wrong'],
    label: 'assumption',
    about: 'advice in a 429; none was ever seen (wrong: half the exact wait)',
  },
  burstGuard: {
    default: true,
    values: [true, false],
    label: 'fact',
    about: 'growth guard on requests and tokens; that it exists is documented, its formula is not',
  },
  burstInterval: {
    default: 5000,
    values: { above: 0, atMost: day, whole: true },
    label: 'assumption',
    about: 'length of the guard’s intervals, ms',
  },
  burstGrowth: {
    default: 2,
    values: { above: 1 },
    label: 'assumption',
    about: 'how much an interval may exceed the busiest remembered one',
  },
  burstFloor: {
    default: 0.2,
    values: { above: 0, atMost: 1000 },
    label: 'assumption',
    about: 'what an interval may always carry, as a share of the tightest limit',
  },
  burstMemory: {
    default: 60_000,
    values: { above: 0, atMost: day, whole: true },
    label: 'assumption',
    about: 'how far back the guard remembers, ms',
  },
  firstToken: {
    default: 600,
    values: { atLeast: 0, atMost: hour },
    label: 'assumption',
    about: 'median time to the first token, ms',
  },
  tokensPerSecond: {
    default: 60,
    values: { atLeast: 0.01, atMost: 1_000_000 },
    label: 'assumption',
    about: 'median output speed, tokens a second',
  },
  latencySpread: {
    default: 0.25,
    values: { atLeast: 0, atMost: 3 },
    label: 'assumption',
    about: 'log standard deviation of both',
  },
  networkDelay: {
    default: 40,
    values: { atLeast: 0, atMost: hour },
    label: 'assumption',
    about: 'median network delay each way, ms',
  },
  networkSpread: {
    default: 0.3,
    values: { atLeast: 0, atMost: 3 },
    label: 'assumption',
    about: 'log standard deviation of the network delay',
  },
}

export const switchNames = Object.keys(switchTable) as (keyof Switches)[]

/** The defaults, with what the world says put over them. */
export function switchesOf(chosen: Partial<Switches> = {}): Switches {
  const defaults = Object.fromEntries(switchNames.map((name) => [name, switchTable[name].default]))
  return { ...defaults, ...chosen } as Switches
}

/** What is wrong with a value for a switch, as a sentence. */
export function switchProblem(name: keyof Switches, value: unknown, field: string = name): string | undefined {
  const { values } = switchTable[name] as SwitchRow<unknown>
  if (!Array.isArray(values)) return numberProblem(field, value, values as object)
  if (values.includes(value)) return undefined
  return `Expected \`${field}\` to be one of ${values.map(String).join(', ')}, got ${show(value)}`
}
