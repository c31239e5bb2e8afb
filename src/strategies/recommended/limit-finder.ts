import type { Millis } from '../../core/clock.ts'
import type { Unit } from '../../core/limit.ts'
import { type AskedTokens, asSpent } from './charge.ts'
import type { OwnTraffic } from './own-traffic.ts'
import { greatestAdmitted, separation } from './separation.ts'

/** Of the attempts of so much time one is looked at, besides denials: the sums of the others are almost the same. */
const sampling: Millis = 200

/** So long after an attempt it is clear what else was admitted in its window. */
const settling: Millis = 1000

/** How long samples are kept, and how many that are older are dropped at a time. */
const kept: Millis = 180_000
const dropped = 100

/** So many admissions at least are compared with the denials. */
const enoughAdmissions = 40

/** How far back the comparison goes at least, and so does the first denial in it, in lengths of the window. */
const lengths = { compared: 2, denied: 1 }

/**
 * The separation that shows a limit. It is less in short windows, whose sums the delays of the network blur: by `blur` divided by the length of
 * the window.
 */
const enough = 0.93
const blur: Readonly<Record<Unit, Millis>> = { requests: 180, tokens: 90 }

/** A limit that denials have shown. */
export interface FoundLimit {
  readonly unit: Unit
  readonly window: Millis
  readonly limit: number
}

/** An attempt that may be looked at. */
export interface Sample {
  readonly at: Millis
  readonly cost: Readonly<Record<Unit, number>>
  /** The units whose limits may have denied it; none: it was admitted, as far as it is known. */
  denied: readonly Unit[]
  /** The own sums of all windows with it, once they are settled. */
  sums?: Float64Array
}

/**
 * Finds the limits that the own traffic explains. Where nobody else uses an account, there is a window in which every attempt that was
 * denied would have brought the own sum above all sums that were admitted (`separation.ts`): that of the limit. In other windows some denials
 * have smaller sums than some admissions. Where others use the account, own sums say little about denials, and no window is found, unless
 * all do the same at the same time.
 */
export class LimitFinder {
  readonly #traffic: OwnTraffic
  readonly #windows: readonly { readonly unit: Unit; readonly window: Millis }[]
  /** In the order in which they were sent; the first ones are settled. */
  #samples: Sample[] = []
  #settled = 0
  #lastSample: Millis = -Infinity
  #lastDenial: Millis = -Infinity

  constructor(traffic: OwnTraffic, windows: readonly Millis[]) {
    this.#traffic = traffic
    this.#windows = (['requests', 'tokens'] as const).flatMap((unit) => windows.map((window) => ({ unit, window })))
  }

  send(asked: AskedTokens, now: Millis): Sample {
    this.#settle(now - settling)
    const sample: Sample = { at: now, cost: { requests: 1, tokens: asSpent.atSend(asked) }, denied: [] }
    if (now - this.#lastSample >= sampling) {
      this.#lastSample = now
      this.#samples.push(sample)
    }
    return sample
  }

  /** A limit on one of these units has denied the attempt. Of those that were under way together the first says what all say. */
  deny(sample: Sample, by: readonly Unit[], now: Millis): void {
    this.lose(sample)
    if (sample.at <= this.#lastDenial) return
    this.#lastDenial = now
    sample.denied = by
    let place = this.#samples.length
    while (place > 0 && this.#samples[place - 1]!.at > sample.at) place--
    this.#samples.splice(place, 0, sample)
    if (place >= this.#settled) return
    this.#settled++
    sample.sums = this.#sumsOf(sample)
  }

  /** Something else has ended the attempt: it says nothing about limits. */
  lose(sample: Sample): void {
    const place = this.#samples.lastIndexOf(sample)
    if (place < 0) return
    this.#samples.splice(place, 1)
    if (place < this.#settled) this.#settled--
  }

  /** Returns the limits that tell so many denials, the newest, from admissions. What was sent before `since` does not count. */
  find(denials: number, since: Millis): FoundLimit[] {
    const samples = this.#samples.slice(0, this.#settled).filter(({ at }) => at >= since)
    const enoughSince = startOf(samples, denials)
    if (enoughSince === undefined) return []
    const now = samples.at(-1)!.at
    return this.#windows.flatMap(({ unit, window }, k) => {
      const start = Math.min(enoughSince, now - lengths.compared * window)
      if (samples[0]!.at > start) return []
      const compared = samples.filter(({ at }) => at >= start)
      const isDenied = (sample: Sample) => sample.denied.includes(unit)
      const first = compared.find(isDenied)
      if (!first || first.at > now - lengths.denied * window) return []
      const admitted = compared.filter(({ denied }) => denied.length === 0).map(({ sums }) => sums![k]!)
      const denied = compared.filter(isDenied).map(({ sums }) => sums![k]!)
      if (2 * denied.length < denials || separation(admitted, denied) < enough - blur[unit] / window) return []
      return [{ unit, window, limit: greatestAdmitted(admitted, denied) }]
    })
  }

  #settle(until: Millis): void {
    for (; this.#settled < this.#samples.length; this.#settled++) {
      const sample = this.#samples[this.#settled]!
      if (sample.at > until) break
      sample.sums = this.#sumsOf(sample)
    }
    if (this.#settled < dropped || this.#samples[dropped - 1]!.at >= until - kept) return
    this.#samples.splice(0, dropped)
    this.#settled -= dropped
  }

  #sumsOf({ at, cost, denied }: Sample): Float64Array {
    return Float64Array.from(this.#windows, ({ unit, window }) => {
      const own = denied.length > 0 ? cost[unit] : 0
      return this.#traffic[unit].admitted.sum(at, window) + own
    })
  }
}

/** Since when there have been so many denials, and enough admissions. */
function startOf(samples: readonly Sample[], denials: number): Millis | undefined {
  let denied = 0
  for (let i = samples.length - 1; i >= 0; i--) {
    if (samples[i]!.denied.length > 0) denied++
    if (denied >= denials && samples.length - i - denied >= enoughAdmissions) return samples[i]!.at
  }
  return undefined
}
