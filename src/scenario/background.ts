import type { Call } from '../core/call.ts'
import { type Millis, neverAborts } from '../core/clock.ts'
import type { Random } from '../core/random.ts'
import type { AccountSpec } from './accounts.ts'
import { instants, type PlainArrivals } from './arrivals/arrivals.ts'
import { type DrawnLengths, lengthOf } from './lengths/lengths.ts'

/**
 * Other users of an account, who use up a part of its quota. They send one call after the other, each as soon as a limit lets it through. Nobody
 * sees anything of them but what is left of the quota.
 */
export interface Background {
  /** The account's name. */
  readonly account: string
  readonly model: string
  /** The instants from which on they send each call. */
  readonly arrivals: Exclude<PlainArrivals, { kind: 'closed' | 'custom' }>
  readonly lengths: DrawnLengths
  /** `max_tokens` of each of their calls, from 1 to 10,000,000. */
  readonly maxTokens: number
}

/** A call of somebody else, as it reaches the provider. */
export interface BackgroundCall {
  readonly at: Millis
  readonly call: Call
  /** The output tokens that the model would answer with, before `maxTokens` cuts them. */
  readonly outputTokens: number
}

/** The calls of a run have smaller ids, and those of another background larger ones. A call's id decides how long the model takes for it. */
const firstId = 2 ** 25

/**
 * Yields the calls of all others in the order of time. They are drawn one at a time, and are the same for every strategy. Their instants count from
 * `start`.
 */
export function* backgroundCalls(
  background: readonly Background[],
  accounts: readonly AccountSpec[],
  random: Random,
  start: Millis = 0,
): Generator<BackgroundCall, undefined> {
  const sources = background.map((each, i) => {
    const key = accounts.find(({ name }) => name === each.account)!.keys[0]!
    return callsOf(each, key, firstId * (i + 1), random.fork(`background ${i}`))
  })
  const next = sources.map((source) => source.next())
  for (;;) {
    let first: number | undefined
    for (const [i, { done, value }] of next.entries())
      if (!done && (first === undefined || value.at < next[first]!.value.at)) first = i
    if (first === undefined) return
    const { value } = next[first]!
    yield { ...value, at: start + value.at }
    next[first] = sources[first]!.next()
  }
}

function* callsOf(
  { model, arrivals, lengths, maxTokens }: Background,
  key: string,
  firstOwnId: number,
  random: Random,
): Generator<BackgroundCall> {
  const target = { endpoint: 'dashscope', key, model }
  const ofLengths = random.fork('lengths')
  let nth = 0
  for (const at of instants(arrivals, random.fork('arrivals'))) {
    const { prompt: promptTokens, output: outputTokens } = lengthOf(lengths, nth, ofLengths)
    const id = firstOwnId + nth++
    yield { at, call: { id, target, promptTokens, maxTokens, signal: neverAborts, deadline: Infinity }, outputTokens }
  }
}
