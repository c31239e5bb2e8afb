import type { Millis } from '../../core/clock.ts'
import { expectNumber, expectOneOf } from '../../core/expect.ts'
import type { Random } from '../../core/random.ts'
import { longestWait } from '../bounds.ts'

/** How the waits are spread. The formulas are those of `laws`. */
export type Jitter = 'full' | 'equal' | 'decorrelated' | 'none'

/** The bounds of the waits. */
export interface BackoffOptions {
  /** The wait from which the backoff grows, in milliseconds. Whole, > 0. Default 1000. */
  readonly base?: Millis
  /** The longest wait, in milliseconds. Whole, >= `base`, <= 1e12. Default 60,000. */
  readonly cap?: Millis
}

/** The bounds of the waits, with the defaults filled in. */
export type Backoff = Required<BackoffOptions>

/**
 * Computes the wait before retry `k` (from 0), in milliseconds with fractions. `previous` is the wait before that, at first `base`;
 * `u` is a draw from [0, 1).
 */
export type Law = (k: number, previous: Millis, backoff: Backoff, u: number) => Millis

/** The laws of the AWS Architecture Blog, "Exponential Backoff And Jitter" (code: aws-samples/aws-arch-backoff-simulator). */
export const laws: Readonly<Record<Jitter, Law>> = {
  none: (k, _previous, backoff) => exponential(k, backoff),
  full: (k, _previous, backoff, u) => u * exponential(k, backoff),
  equal: (k, _previous, backoff, u) => exponential(k, backoff) / 2 + (u * exponential(k, backoff)) / 2,
  decorrelated: (_k, previous, { base, cap }, u) => Math.min(cap, base + u * (3 * previous - base)),
}

function exponential(k: number, { base, cap }: Backoff): Millis {
  return Math.min(cap, base * 2 ** k)
}

/** Returns the waits of full jitter before the retries k = 0, 1, …. Default of the bounds: from 1 s to 60 s. */
export function fullJitter(random: Random, backoff: Backoff = backoffOf({})): (k: number) => Millis {
  return (k) => laws.full(k, 0, backoff, random.next())
}

/** The law of this name. Throws an `OptionError` if there is none. */
export function lawOf(jitter: Jitter): Law {
  expectOneOf('jitter', jitter, Object.keys(laws) as Jitter[])
  return laws[jitter]
}

/** Fills in the defaults. Throws an `OptionError` for a wrong `base` or `cap`. */
export function backoffOf({ base = 1000, cap = 60_000 }: BackoffOptions): Backoff {
  expectNumber('base', base, { above: 0, whole: true })
  expectNumber('cap', cap, { atLeast: base, whole: true })
  expectNumber('cap', cap, { atMost: longestWait })
  return { base, cap }
}

/** The bounds as a strategy's name shows them: nothing where they are the defaults. */
export function backoffName({ base, cap }: Backoff): string {
  return base === 1000 && cap === 60_000 ? '' : `, ${base}..${cap} ms`
}
