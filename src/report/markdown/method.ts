import type { Comparison } from '../../compare/comparison.ts'
import { hasSoftLimits } from '../../compare/soft-limits.ts'
import { isCalendarRule } from '../../core/limit.ts'
import type { Switches } from '../../scenario/switches.ts'
import { duration, percent } from '../figures/figures.ts'
import { leastRankText } from '../sentences/phrases.ts'

const windows: Readonly<Record<Switches['window'], string>> = {
  sliding: 'Windows slide',
  fixed: 'Windows are fixed',
  bucket: 'Limits are token buckets',
  anchored: 'A window begins with its first charge',
}

const charges: Readonly<Record<Switches['tokenCharge'], string>> = {
  split: 'Prompt tokens count at admission, output tokens on completion',
  admission: 'Prompt and output tokens count at admission',
  reserve: 'The prompt and all of `max_tokens` count at admission',
  completion: 'Tokens count on completion',
}

const grids: Readonly<Record<Switches['gridPhase'], string>> = {
  seed: 'Each seed draws where intervals begin',
  start: 'Intervals begin at the start of the run',
}

const orders: Readonly<Record<Switches['checkOrder'], string>> = {
  'limits-first': 'The limits are asked before the burst guard',
  'guard-first': 'The burst guard is asked before the limits',
  'tokens-first': 'Token limits are asked before request limits, and these before the burst guard',
}

const refunds: Readonly<Record<`${Switches['refund']}`, string>> = {
  true: 'On completion the tokens that were not used are given back',
  false: 'The tokens that were not used are not given back',
}

const hangUps: Readonly<Record<Switches['onHangUp'], string>> = {
  stop: 'When a caller hangs up, the model stops, and only the output up to then is charged. That is documented for the bill of streams; for whole answers and for the token limits it is an assumption.',
  finish:
    'When a caller hangs up, the model finishes the answer, and all of it is charged, though the documentation says otherwise of streams.',
}

const advices: Readonly<Record<Switches['retryAfter'], string>> = {
  none: 'A 429 does not say when to come back; none that was seen did',
  exact: 'A 429 names the exact wait, which was never seen on the real service',
  wrong: 'A 429 names half of the wait, which was never seen on the real service',
}

/** What is assumed about the service, with the given switches. */
export function assumptions({ switches, cases }: Comparison): string[] {
  const { gridPhase, checkOrder, refund, onHangUp, causes } = switches
  const { window, rejectsCount, tokenCharge, retryAfter, burstGuard, firstToken, tokensPerSecond, networkDelay } =
    switches
  return [
    `${windows[window]}: the article says sliding, Alibaba documents no algorithm.`,
    ...(window === 'fixed' || burstGuard
      ? [`${grids[gridPhase]}, those of the burst guard and of fixed windows: not documented.`]
      : []),
    `${orders[checkOrder]}; the first that denies gives the 429 its code. The order is not documented, and decides nothing else.`,
    `A rejected attempt ${rejectsCount ? 'counts' : 'does not count'} against the request limits: not documented.`,
    `${charges[tokenCharge]}: not documented.`,
    ...(tokenCharge === 'reserve' ? [`${refunds[`${refund}`]}: not documented.`] : []),
    hangUps[onHangUp],
    `${advices[retryAfter]}.`,
    ...(cases.some(({ limits = [] }) => limits.some(({ rule }) => isCalendarRule(rule)))
      ? ['The bound counts the weeks and months of a plan as no limits; the reachable keeps them.']
      : []),
    ...(hasSoftLimits(cases)
      ? [
          `A soft limit denies nothing while the platform has room, which is so ${percent(switches.softRoom)} of the time, in turns that take ${duration(switches.softCycle)} on average: Alibaba documents neither. The reachable knows these times; the bound counts a soft limit as none.`,
        ]
      : []),
    ...(causes === 'hidden' ? ['A 429 does not tell what was exceeded, though the service has codes that do.'] : []),
    burstGuard
      ? `The burst guard is on. Only that the service limits growth is documented; the formula, with a floor of ${percent(switches.burstFloor)} of the tightest limit, a memory of ${duration(switches.burstMemory)}, intervals of ${duration(switches.burstInterval)} and a growth of ${switches.burstGrowth}, is an assumption.`
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
  [
    '(a–b)',
    'the 95 % interval of the median over the seeds. It holds whatever the distribution over the seeds is, and is left out where it is narrower than the last digit. Every figure with an interval is a median; numbers of calls and of 429s are means',
  ],
  [
    '#',
    `rank by efficiency, or by the excess wait where a case says so. A row opens a new rank only where a paired t-test over seeds, with Bonferroni’s correction, tells it from the best row of the rank before (p < 0.05), and the median difference is at least ${leastRankText('efficiency')} or ${leastRankText('excessWait')}; \`=\` marks rows that share a rank, and of these who answers more stands first`,
  ],
  ['p', 'that test’s p-value against the best row of the rank that this one might have shared'],
  ['–', 'does not apply'],
]
