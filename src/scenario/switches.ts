import type { Millis } from '../core/clock.ts'
import { chosenShape, namesOf, type SwitchTable, type ValuesOf, withDefaults } from './switch-table.ts'

const hour: Millis = 3_600_000
const day: Millis = 24 * hour

/** Behaviours of the provider that are not established, that a client cannot know, or that vary. */
export const switchTable = {
  window: {
    default: 'sliding',
    values: ['sliding', 'fixed', 'bucket', 'anchored'],
    label: 'assumption',
    meaning: 'window algorithm',
    note: 'the article says sliding, Alibaba documents none; anchored: a fixed window that its first charge begins',
  },
  /** It places the intervals of the burst guard and the windows of `fixed`. */
  gridPhase: {
    default: 'seed',
    values: ['seed', 'start'],
    label: 'assumption',
    meaning: 'where the burst guard’s intervals and fixed windows begin',
    note: 'seed: drawn from the seed; start: at the run’s start',
  },
  /** It decides which of several rules a 429 names, and nothing else. */
  checkOrder: {
    default: 'limits-first',
    values: ['limits-first', 'guard-first', 'tokens-first'],
    label: 'assumption',
    meaning: 'which rule a 429 names when several deny',
    note: 'the first one asked; the order is not documented',
  },
  rejectsCount: {
    default: false,
    values: [false, true],
    label: 'assumption',
    meaning: 'rejected attempts count against the request limits',
    note: 'not documented',
  },
  /**
   * `split` counts the prompt at admission and the output on completion; `admission` both at admission; `reserve` the prompt and
   * `max_tokens` at admission; `completion` both on completion.
   */
  tokenCharge: {
    default: 'split',
    values: ['split', 'admission', 'reserve', 'completion'],
    label: 'assumption',
    meaning: 'when tokens count',
    note: 'split: prompt at admission, output on completion',
  },
  refund: {
    default: true,
    values: [true, false],
    label: 'assumption',
    meaning: 'tokens that count at admission and are not used are given back on completion',
    note: 'not documented; limits are stated in tokens used',
  },
  /** `stop` ends the answer and charges the part that was written by then; `finish` completes it and charges all of it. */
  onHangUp: {
    default: 'stop',
    values: ['stop', 'finish'],
    label: 'assumption',
    meaning: 'what becomes of a request whose caller hangs up',
    note: 'a stop is documented for the bill of streams',
  },
  retryAfter: {
    default: 'none',
    values: ['none', 'exact', 'wrong'],
    label: 'assumption',
    meaning: 'what a 429 advises',
    note: 'no advice was ever seen; wrong is half the exact wait',
  },
  /** It has no alternatives, since 0 stands for a limit that nobody has seen outside the plans that state one. */
  inFlightLimit: {
    default: 0,
    values: { atLeast: 0, atMost: 1_000_000, whole: true },
    label: 'assumption',
    meaning: 'the most requests in flight of one account and model; 0: no limit',
    note: 'a 429 about concurrency is documented for plans, a number is not',
  },
  softRoom: {
    default: 0.5,
    values: { atLeast: 0, atMost: 1 },
    alternatives: [0.1, 0.9],
    onlySoft: true,
    label: 'assumption',
    meaning: 'the share of time in which the platform has room beyond soft limits',
    note: 'documented is that a soft limit is a guaranteed base, and not when there is more',
  },
  softCycle: {
    default: 120_000,
    values: { atLeast: 1000, atMost: day, whole: true },
    alternatives: [30_000, 600_000],
    onlySoft: true,
    label: 'assumption',
    meaning: 'mean time from one beginning of such room to the next',
    unit: 'ms',
  },
  /** `hidden` gives every 429 the one general code, as if the provider had no others. */
  causes: {
    default: 'told',
    values: ['told', 'hidden'],
    label: 'assumption',
    meaning: 'whether a 429 tells what was exceeded',
    note: 'documented codes tell requests, tokens and growth apart; a general one is documented, too',
  },
  /** The guard limits the growth of requests and of tokens. */
  burstGuard: {
    default: true,
    values: [true, false],
    label: 'assumption',
    meaning: 'growth is limited',
    note: 'only that a guard exists is documented; its formula and numbers are assumed',
  },
  burstInterval: {
    default: 5000,
    values: { above: 0, atMost: day, whole: true },
    alternatives: [2500, 10_000],
    label: 'assumption',
    meaning: 'length of the burst guard’s intervals',
    unit: 'ms',
  },
  burstGrowth: {
    default: 2,
    values: { above: 1 },
    alternatives: [1.5, 4],
    label: 'assumption',
    meaning: 'how much an interval may exceed the busiest remembered one, as a factor',
  },
  /** It is a share of the requests or tokens that the tightest limit admits in one interval. */
  burstFloor: {
    default: 0.2,
    values: { above: 0, atMost: 1000 },
    alternatives: [0.1, 0.4],
    label: 'assumption',
    meaning: 'what an interval may always carry, as a share of the tightest limit',
  },
  burstMemory: {
    default: 60_000,
    values: { above: 0, atMost: day, whole: true },
    alternatives: [30_000, 120_000],
    label: 'assumption',
    meaning: 'how far back the burst guard remembers',
    unit: 'ms',
  },
  firstToken: {
    default: 600,
    values: { atLeast: 0, atMost: hour },
    alternatives: [300, 1200],
    label: 'assumption',
    meaning: 'median time to the first token',
    unit: 'ms',
  },
  tokensPerSecond: {
    default: 60,
    values: { atLeast: 0.01, atMost: 1_000_000 },
    alternatives: [30, 120],
    label: 'assumption',
    meaning: 'median output speed',
    unit: 'tokens a second',
  },
  latencySpread: {
    default: 0.25,
    values: { atLeast: 0, atMost: 3 },
    alternatives: [0.125, 0.5],
    label: 'assumption',
    meaning: 'standard deviation of the logarithm of both',
    note: 'both: the time to the first token and the output speed',
  },
  networkDelay: {
    default: 40,
    values: { atLeast: 0, atMost: hour },
    alternatives: [20, 80],
    label: 'assumption',
    meaning: 'median network delay each way',
    unit: 'ms',
  },
  networkSpread: {
    default: 0.3,
    values: { atLeast: 0, atMost: 3 },
    alternatives: [0.15, 0.6],
    label: 'assumption',
    meaning: 'standard deviation of its logarithm',
    note: 'it is the network delay',
  },
} as const satisfies SwitchTable

/** The values of all switches of the provider. */
export type Switches = ValuesOf<typeof switchTable>

export const switchNames = namesOf(switchTable)

export const switchesShape = chosenShape(switchTable)

/** Returns the value of every switch: the given value, or else the default. */
export function switchesOf(given: Partial<Switches> = {}): Switches {
  return withDefaults(switchTable, given)
}
