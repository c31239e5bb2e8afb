import type { Comparison, Row } from '../../src/compare/comparison.ts'
import type { Contestant, Series } from '../../src/compare/raw-result.ts'
import type { Estimate } from '../../src/compare/statistics.ts'
import { type Rule, rules } from '../../src/core/limit.ts'
import { switchesOf } from '../../src/scenario/switches.ts'

// The values are written by hand and resemble real results, so that renderers can be tested without a run.

const second = 1000
const seeds = [1, 2, 3, 4, 5, 6]

function exact(value: number): Estimate {
  return { value, low: value, high: value }
}

function about(value: number, half: number): Estimate {
  return { value, low: value - half, high: value + half }
}

/** The admissions of `calls` attempts at `perSecond` a second, from the second `from` on. */
function admitted(perSecond: number, calls: number, from = 0): number[] {
  const busy = Array.from({ length: Math.ceil(calls / perSecond) }, (_, i) =>
    Math.min(perSecond, calls - i * perSecond),
  )
  return [...new Array<number>(from).fill(0), ...busy]
}

/** The denials of `first` attempts in the first second, and of 2 in each of the seconds that follow. */
function denied(first: number, seconds: number): number[] {
  return seconds === 0 ? [] : [first, ...new Array<number>(seconds - 1).fill(2)]
}

/** Waits that grow linearly up to `last`, for the share of calls that is answered. */
function waits(answered: number, last: number): number[] {
  return Array.from({ length: 101 }, (_, p) =>
    p > 100 * answered ? Infinity : Math.round(40 + ((last - 40) * p) / (100 * answered)),
  )
}

interface Spec {
  readonly contestant: Contestant
  readonly rank: number
  readonly p: number
  readonly metrics: Partial<Row['metrics']>
  readonly outcomes: Partial<Row['outcomes']>
  readonly denials?: Partial<Row['denials']>
  /** What the rules would have denied beyond their own `denials`. */
  readonly alsoDeniedBy?: Partial<Row['denials']>
  readonly optimum: Row['optimum']
  readonly series: Series
}

function byRule(amount: (rule: Rule) => number): Record<Rule, number> {
  return Object.fromEntries(rules.map((rule) => [rule, amount(rule)])) as Record<Rule, number>
}

function row({ contestant, rank, p, metrics, outcomes, denials = {}, alsoDeniedBy = {}, optimum, series }: Spec): Row {
  const efficiency = metrics.efficiency ?? exact(0)
  const { reachableShare } = optimum
  const ofBound = (share: number) => share * reachableShare.value
  return {
    ...contestant,
    metrics: {
      ...nothing,
      ofBound: { value: ofBound(efficiency.value), low: ofBound(efficiency.low), high: ofBound(efficiency.high) },
      ...metrics,
    },
    outcomes: { ok: 0, throttled: 0, failed: 0, expired: 0, unfinished: 0, dropped: 0, ...outcomes },
    denials: byRule((rule) => denials[rule] ?? 0),
    deniedBy: byRule((rule) => (denials[rule] ?? 0) + (alsoDeniedBy[rule] ?? 0)),
    optimum,
    rank,
    pAgainstHead: p,
    valuesBySeed: {
      efficiency: seeds.map((seed) => efficiency.value + (seed - 3) * ((efficiency.high - efficiency.low) / 4)),
      excessWait: seeds.map(() => 0),
    },
    series,
  }
}

const nothing: Row['metrics'] = {
  success: exact(0),
  withinSlo: exact(0),
  goodput: exact(0),
  throughput: exact(0),
  excessWait: exact(0),
  waitShare: exact(0),
  waitShareP95: exact(0),
  tokenThroughput: exact(0),
  waitP50: exact(Infinity),
  waitP95: exact(Infinity),
  latencyP50: exact(Infinity),
  latencyP95: exact(Infinity),
  latencyP99: exact(Infinity),
  makespan: exact(0),
  amplification: exact(1),
  deniedShare: exact(0),
  longestDenialStreak: exact(0),
  peakInFlight: exact(0),
  cost: exact(0),
  wastedCost: exact(0),
  costPerThousandAnswers: exact(Infinity),
  elsewhere: exact(0),
  efficiency: exact(0),
  ofBound: exact(0),
}

/** The limits of so many accounts together. */
const limitsOf = (accounts: number): Contestant['limits'] => [
  { unit: 'requests', window: 1000, phases: [{ from: 0, limit: 10 * accounts }] },
  { unit: 'tokens', window: 60 * second, phases: [{ from: 0, limit: 1_000_000 * accounts }] },
]

const contestants = {
  none: {
    id: 'none',
    label: 'none',
    about: 'Sends once, and hands back whatever comes.',
    quotaText: '1 account',
    limits: limitsOf(1),
  },
  backoff: {
    id: 'article-backoff',
    label: 'backoff(5 tries, 2^k + U(0, 1) s)',
    about: 'The article’s exponential backoff, as printed.',
    quotaText: '1 account',
    limits: limitsOf(1),
    solution: 2,
  },
  pace: {
    id: 'retry-pace',
    label: 'retry(full, 10) + pace(9/s)',
    about: 'Even spacing at 90 % of the limit, and a retry for what is denied all the same.',
    quotaText: '1 account',
    limits: limitsOf(1),
  },
  queue: {
    id: 'queue',
    label: 'pace(10/s)',
    about: 'The article’s queue without its race; `last|first` is set before the wait.',
    quotaText: '1 account',
    limits: limitsOf(1),
  },
  rotation: {
    id: 'article-rotation',
    label: 'rotate(5 keys)',
    about: 'The article’s multi-account rotation, as printed.',
    quotaText: 'pool of 5 accounts',
    limits: limitsOf(5),
    solution: 3,
    terms: 'Alibaba Cloud’s terms may forbid several accounts for one purpose.',
  },
} satisfies Record<string, Contestant>

const oneAccount = {
  bound: exact(2000),
  boundSuccess: exact(1),
  boundMakespan: exact(199.6 * second),
  boundTokens: exact(1_612_000),
  reachable: exact(2000),
  reachableSuccess: exact(1),
  reachableMakespan: about(209.1 * second, 40),
  reachableTokens: exact(1_612_000),
  reachableShare: about(0.9552, 0.0008),
  waitP50: exact(109 * second),
  waitP95: exact(199 * second),
}

const burst: readonly Row[] = [
  row({
    contestant: contestants.pace,
    rank: 1,
    p: Number.NaN,
    metrics: {
      success: exact(1),
      withinSlo: about(0.13305, 0.0004),
      throughput: about(532.4, 1.9),
      tokenThroughput: about(731_204, 2304),
      waitP50: about(112_041, 320),
      waitP95: about(212_877, 911),
      latencyP50: about(115_420, 340),
      latencyP95: about(216_304, 902),
      latencyP99: about(224_901, 1204),
      makespan: about(225_390, 806),
      amplification: about(1.0207, 0.0031),
      deniedShare: about(0.0203, 0.003),
      longestDenialStreak: about(3.4, 0.68),
      peakInFlight: about(51.2, 1.9),
      cost: about(5.2031, 0.021),
      costPerThousandAnswers: about(2.60155, 0.0105),
      efficiency: about(0.8862, 0.0032),
    },
    outcomes: { ok: 2000 },
    denials: { rps: 41.4 },
    alsoDeniedBy: { burst: 9.8 },
    optimum: oneAccount,
    series: {
      admittedPerSecond: admitted(9, 2000),
      deniedPerSecond: denied(3, 20),
      waitQuantiles: waits(1, 223_000),
      reachableWaitQuantiles: waits(1, 208_000),
    },
  }),
  row({
    contestant: contestants.queue,
    rank: 1,
    p: 0.31,
    metrics: {
      success: about(0.8741, 0.012),
      withinSlo: about(0.1312, 0.0006),
      throughput: about(523.1, 2.2),
      tokenThroughput: about(718_400, 3120),
      waitP50: about(100_812, 90),
      waitP95: { value: Infinity, low: 201_000, high: Infinity },
      latencyP50: about(104_120, 102),
      makespan: about(203_114, 640),
      amplification: exact(1),
      deniedShare: about(0.1259, 0.012),
      longestDenialStreak: about(2.2, 0.9),
      peakInFlight: about(48.8, 2.4),
      cost: about(4.5481, 0.061),
      costPerThousandAnswers: about(2.6016, 0.009),
      efficiency: about(0.8741, 0.012),
    },
    outcomes: { ok: 1748.2, throttled: 251.8 },
    denials: { rps: 251.8 },
    optimum: oneAccount,
    series: {
      admittedPerSecond: admitted(9, 1748),
      deniedPerSecond: denied(8, 123),
      waitQuantiles: waits(0.87, 199_000),
      reachableWaitQuantiles: waits(1, 208_000),
    },
  }),
  row({
    contestant: contestants.backoff,
    rank: 3,
    p: 1.2e-9,
    metrics: {
      success: about(0.0636, 0.0017),
      withinSlo: about(0.0612, 0.0015),
      throughput: about(201.7, 8.4),
      tokenThroughput: about(276_800, 11_402),
      makespan: about(37_840, 1310),
      amplification: about(4.8122, 0.0061),
      deniedShare: about(0.98678, 0.0004),
      longestDenialStreak: about(1990, 2.1),
      peakInFlight: about(39.6, 1.4),
      cost: about(0.3308, 0.0104),
      wastedCost: about(0.0021, 0.0009),
      costPerThousandAnswers: about(2.6006, 0.031),
      efficiency: about(0.0636, 0.0017),
    },
    outcomes: { ok: 127.2, throttled: 1872.8 },
    denials: { rps: 9104.6, burst: 388.2, rpm: 0.4 },
    alsoDeniedBy: { burst: 5021.2 },
    optimum: oneAccount,
    series: {
      admittedPerSecond: admitted(7, 127),
      deniedPerSecond: denied(1990, 38),
      waitQuantiles: waits(0.06, 16_400),
      reachableWaitQuantiles: waits(1, 208_000),
    },
  }),
  row({
    contestant: contestants.rotation,
    rank: 4,
    p: 2e-7,
    metrics: {
      success: exact(0.025),
      withinSlo: exact(0.025),
      throughput: about(431.2, 40.9),
      tokenThroughput: about(590_120, 57_730),
      makespan: about(7012, 640),
      deniedShare: exact(0.975),
      longestDenialStreak: exact(1950),
      peakInFlight: exact(50),
      cost: about(0.13, 0.004),
      costPerThousandAnswers: about(2.6, 0.08),
      efficiency: exact(0.025),
    },
    outcomes: { ok: 50, throttled: 1950 },
    denials: { rps: 1950 },
    optimum: {
      bound: exact(2000),
      boundSuccess: exact(1),
      boundMakespan: exact(39.6 * second),
      boundTokens: exact(1_612_000),
      reachable: exact(2000),
      reachableSuccess: exact(1),
      reachableMakespan: exact(47.2 * second),
      reachableTokens: exact(1_612_000),
      reachableShare: exact(0.8431),
      waitP50: exact(27 * second),
      waitP95: exact(45 * second),
    },
    series: {
      admittedPerSecond: admitted(50, 50),
      deniedPerSecond: denied(1950, 1),
      waitQuantiles: waits(0.02, 41),
      reachableWaitQuantiles: waits(1, 47_000),
    },
  }),
  row({
    contestant: contestants.none,
    rank: 5,
    p: 0.0004,
    metrics: {
      success: exact(0.005),
      withinSlo: exact(0.005),
      throughput: about(92.6, 11),
      tokenThroughput: about(127_031, 16_882),
      makespan: about(6601, 810),
      deniedShare: exact(0.995),
      longestDenialStreak: exact(1990),
      peakInFlight: exact(10),
      cost: about(0.026, 0.0019),
      costPerThousandAnswers: about(2.6, 0.19),
      efficiency: exact(0.005),
    },
    outcomes: { ok: 10, throttled: 1990 },
    denials: { rps: 1990 },
    optimum: oneAccount,
    series: {
      admittedPerSecond: [10],
      deniedPerSecond: denied(1990, 1),
      waitQuantiles: waits(0, 40),
      reachableWaitQuantiles: waits(1, 208_000),
    },
  }),
]

const oneMinute = {
  bound: exact(300),
  boundSuccess: exact(1),
  boundMakespan: exact(57 * second),
  boundTokens: exact(241_800),
  reachable: exact(300),
  reachableSuccess: exact(1),
  reachableMakespan: exact(57 * second),
  reachableTokens: exact(241_800),
  reachableShare: exact(1),
  waitP50: exact(380),
  waitP95: exact(1 * second),
}

/** A quarter of the calls waits not at all. */
const quickWaits = Array.from({ length: 101 }, (_, p) => Math.max(0, 14 * (p - 25)))

const calm: readonly Row[] = [
  { ...contestants.pace, waits: waits(1, 4_100), ok: 300, efficiency: 1, rank: 1, p: Number.NaN },
  { ...contestants.queue, waits: waits(1, 4_100), ok: 300, efficiency: 1, rank: 1, p: 1 },
  { ...contestants.backoff, waits: waits(0.99, 31_000), ok: 297, efficiency: 0.9304, rank: 3, p: 0.002 },
  { ...contestants.none, waits: waits(0, 40), ok: 0, efficiency: 0, rank: 4, p: 0 },
].map(({ waits, ok, efficiency, rank, p, ...contestant }) =>
  row({
    contestant,
    rank,
    p,
    metrics: {
      success: exact(ok / 300),
      withinSlo: exact(ok / 300),
      throughput: exact(ok / 1.02),
      tokenThroughput: exact(ok * 1344),
      ...(ok > 0
        ? { waitP50: exact(waits[50]!), waitP95: exact(waits[95]!), latencyP50: exact(waits[50]! + 3000) }
        : {}),
      makespan: exact(61.2 * second),
      amplification: exact(ok > 0 ? 1 : 1.5),
      peakInFlight: exact(ok > 0 ? 31 : 0),
      cost: exact(ok * 0.0026),
      efficiency: exact(efficiency),
    },
    outcomes: ok > 0 ? { ok, failed: 300 - ok } : { expired: 180, unfinished: 90, dropped: 30 },
    optimum: oneMinute,
    series: {
      admittedPerSecond: ok > 0 ? admitted(5, ok, 1) : [],
      deniedPerSecond: [],
      waitQuantiles: waits,
      reachableWaitQuantiles: quickWaits,
    },
  }),
)

/** Two cases with shared ranks, calls without an answer, and intervals that are not symmetric. */
export const comparison: Comparison = {
  scenario: {
    name: 'burst',
    given: 'burst',
    title: 'A burst against qwen3-max',
    question: 'Which of the article’s solutions serves 2,000 calls that come at once?',
    model: 'qwen3-max',
  },
  profile: { name: 'article', title: 'The article’s table', currency: 'USD' },
  switches: switchesOf({ burstGuard: false }),
  changed: ['--set burstGuard=false'],
  seeds,
  cases: [
    {
      name: 'all-at-once',
      title: '2,000 calls at once',
      calls: 2000,
      patience: 600 * second,
      horizon: 900 * second,
      span: 199 * second,
      rankedBy: 'efficiency',
      limitPerSecond: 10,
      raises: [],
      rows: burst,
    },
    {
      name: 'within-the-minute',
      title: 'Within the minute, over the second',
      calls: 300,
      patience: Infinity,
      horizon: 300 * second,
      span: 61 * second,
      rankedBy: 'efficiency',
      limitPerSecond: 10,
      raises: [{ at: 60 * second, perSecond: 30 }],
      rows: calm,
    },
  ],
}

/** The same comparison with one seed, so without intervals and with ranks that are not tested. */
export const oneSeed: Comparison = {
  ...comparison,
  seeds: [7],
  changed: [],
  cases: comparison.cases.map((chosen) => ({ ...chosen, rows: chosen.rows.map(withoutIntervals) })),
}

function withoutIntervals(chosen: Row): Row {
  const single = <T extends object>(estimates: T): T =>
    Object.fromEntries(
      Object.entries(estimates).map(([name, { value }]) => [name, { value, low: Number.NaN, high: Number.NaN }]),
    ) as T
  return {
    ...chosen,
    metrics: single(chosen.metrics),
    optimum: single(chosen.optimum),
    rank: Number.NaN,
    pAgainstHead: Number.NaN,
    valuesBySeed: { efficiency: [chosen.metrics.efficiency.value], excessWait: [0] },
  }
}
