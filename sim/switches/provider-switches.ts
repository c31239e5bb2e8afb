import type { Millis } from '../../src/core/clock.ts'
import type { Switches } from '../../src/scenario/world.ts'
import { namesOf, type SwitchTable, valueProblem, withDefaults } from './switch-table.ts'

const hour: Millis = 3_600_000
const day: Millis = 24 * hour

/** Behaviours of the provider that are not established, or that vary. */
export const switchTable: SwitchTable<Switches> = {
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

export const switchNames = namesOf(switchTable)

/** The defaults, with what the world says put over them. */
export function switchesOf(chosen: Partial<Switches> = {}): Switches {
  return withDefaults(switchTable, chosen)
}

/** What is wrong with a value for a switch, as a sentence. */
export function switchProblem(name: keyof Switches, value: unknown, field: string = name): string | undefined {
  return valueProblem(switchTable[name], value, field)
}
