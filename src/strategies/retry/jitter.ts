import type { Millis } from '../../core/clock.ts'
import { expectNumber, OptionError, show } from '../../core/expect.ts'
import { longestWait } from '../bounds.ts'

export type Jitter = 'full' | 'equal' | 'decorrelated' | 'none'

export interface BackoffOptions {
  /** The wait that grows. Whole, > 0. Default 1000. */
  readonly base?: Millis
  /** What no wait exceeds. Whole, >= `base`, <= 1e12. Default 60 000. */
  readonly cap?: Millis
}

export type Backoff = Required<BackoffOptions>

/** A backoff as a pure step: the wait before retry `k` (from 0), after a wait of `previous` (at first: `base`), by a draw `u` from [0, 1). */
export type Law = (k: number, previous: Millis, backoff: Backoff, u: number) => Millis

/** The AWS family (aws-samples/aws-arch-backoff-simulator). Exact, in fractions. */
export const laws: Readonly<Record<Jitter, Law>> = {
  none: (k, _previous, backoff) => exponential(k, backoff),
  full: (k, _previous, backoff, u) => u * exponential(k, backoff),
  equal: (k, _previous, backoff, u) => exponential(k, backoff) / 2 + (u * exponential(k, backoff)) / 2,
  decorrelated: (_k, previous, { base, cap }, u) => Math.min(cap, base + u * (3 * previous - base)),
}

function exponential(k: number, { base, cap }: Backoff): Millis {
  return Math.min(cap, base * 2 ** k)
}

/** The law of that name. Throws an `OptionError` if there is none. */
export function lawOf(jitter: Jitter): Law {
  if (Object.keys(laws).includes(jitter)) return laws[jitter]
  throw new OptionError(`Expected \`jitter\` to be one of ${Object.keys(laws).join(', ')}, got ${show(jitter)}`)
}

/** Fills in the defaults. Throws an `OptionError` on an impossible pair. */
export function backoffOf({ base = 1000, cap = 60_000 }: BackoffOptions): Backoff {
  expectNumber('base', base, { above: 0, whole: true })
  expectNumber('cap', cap, { atLeast: base, whole: true })
  expectNumber('cap', cap, { atMost: longestWait })
  return { base, cap }
}

/** The backoff as a strategy's name shows it: only where it differs from the default. */
export function backoffName({ base, cap }: Backoff): string {
  return base === 1000 && cap === 60_000 ? '' : `, ${base}..${cap} ms`
}
