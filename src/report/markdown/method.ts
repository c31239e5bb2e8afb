import type { Comparison } from '../../compare/comparison.ts'
import type { Switches } from '../../scenario/switches.ts'
import { duration } from '../figures/figures.ts'

const windows: Readonly<Record<Switches['window'], string>> = {
  sliding: 'Windows slide',
  fixed: 'Windows are fixed',
  bucket: 'Limits are token buckets',
}

const charges: Readonly<Record<Switches['tokenCharge'], string>> = {
  split: 'Prompt tokens count at admission, output tokens on completion',
  admission: 'Prompt and output tokens count at admission',
  reserve: 'The prompt and all of `max_tokens` count at admission',
  completion: 'Tokens count on completion',
}

const advices: Readonly<Record<Switches['retryAfter'], string>> = {
  none: 'A 429 does not say when to come back; none that was seen did',
  exact: 'A 429 names the exact wait, which was never seen on the real service',
  wrong: 'A 429 names half of the wait, which was never seen on the real service',
}

/** What is assumed about the service, with the given switches. */
export function assumptions({ switches }: Comparison): string[] {
  const { window, rejectsCount, tokenCharge, retryAfter, burstGuard, firstToken, tokensPerSecond, networkDelay } =
    switches
  return [
    `${windows[window]}: the article says sliding, Alibaba documents no algorithm.`,
    `A rejected attempt ${rejectsCount ? 'counts' : 'does not count'} against the request limits: not documented.`,
    `${charges[tokenCharge]}: not documented.`,
    `${advices[retryAfter]}.`,
    burstGuard
      ? `The burst guard is on. That the service limits growth is documented; the formula, with intervals of ${duration(switches.burstInterval)} and a growth of ${switches.burstGrowth}, is an assumption.`
      : 'The burst guard is off, though the service is documented to limit growth.',
    `The first token takes ${duration(firstToken)} and output runs at ${tokensPerSecond} tokens a second, both medians; the network takes ${duration(networkDelay)} each way. None of the three was measured.`,
  ]
}

/** The limits of the model, which do not depend on the switches. */
export const modelLimits: readonly string[] = [
  'No live call was made: every figure comes from a simulation of the documented limits, and none is a measurement of the service.',
  'The bound knows every limit and all that is to come, and leaves out network delays and the burst guard: no client exceeds it, and 100 % of it may be out of reach.',
  'The reachable is the best of three schedules of a client that knows all that is to come and has no network, on the same provider with its burst guard: a client could find a better one.',
  'Tokens that are charged on completion enter the bound only as far as the limits on requests prove how many calls they can hold up.',
  'A strategy is compared with what is reachable on the quota it draws on: several accounts or models together bear more, and are held to more. The caps and outages of a proxy are left out there.',
  'Requests per second are taken to be enforced where the profile says so; Alibaba documents that they may be.',
  'The service itself never fails here, with no 5xx and no timeout; only a proxy may be down. Nobody else draws on the quota.',
  'Arrivals are an open loop: a caller who gets no answer neither comes back nor stays away.',
  'Prices are list prices; a proxy’s are what the scenario says. Whether a proxy or several accounts are allowed, the figures do not tell.',
  'Intervals are over seeds: they tell how much chance moves a figure, not how well the model fits the service.',
]

/** Explanations of words and signs in the tables. */
export const readingAids: readonly (readonly [string, string])[] = [
  [
    'bound',
    'a number of calls that no client could have exceeded in answering on the same quota, and an instant before which none could have answered so many (`docs/adr/0011-what-efficiency-means.md`). It is not a schedule, so it has no waits',
  ],
  [
    'reachable',
    'what a client that knows the future answers on the same quota under the burst guard too, with its waits. Where calls must be left out, a strategy that leaves out others can wait less',
  ],
  [
    'ramp',
    'the share of the bound that is not reachable: what the burst guard and windows that calls do not fill cost any client',
  ],
  [
    'never',
    'an infinite wait: failed calls stay in every percentile, so a p95 of never means that more than 5 % of the calls were not answered',
  ],
  ['±', 'the 95 % interval over seeds; for shares in percentage points. A range stands where the interval is lopsided'],
  [
    '#',
    'rank by efficiency. A row opens a new rank only where a paired t-test over seeds, with Bonferroni’s correction, tells its efficiency from that of the most efficient row of the rank before (p < 0.05); `=` marks rows that share a rank, and of these who answers more stands first',
  ],
  ['p', 'that test’s p-value against the most efficient row of the rank that this one might have shared'],
  ['–', 'does not apply'],
]
