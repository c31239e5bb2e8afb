import type { Millis } from '../../src/core/clock.ts'
import type { Mock } from '../mock/mock.ts'
import type { RequestRecord } from '../wire/request-record.ts'

/** The labels of a series, by name. */
export type Labels = Readonly<Record<string, string>>

/** One series of a counter. */
export interface Count {
  readonly labels: Labels
  value: number
}

/** The series of one counter, which differ in their labels. */
export interface CountFamily {
  add(labels: Labels, by: number): void
  series(): Iterable<Count>
}

/** The most series of a counter, as a server of metrics can hold them. What would make further ones is counted in one, whose label is `overflow`. */
export const mostSeries = 2000

const overflow: Labels = { overflow: 'true' }

/** The upper bounds of the latency histogram's buckets, in simulated milliseconds. */
export const latencyBounds: readonly Millis[] = [
  10, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000,
]

/** One series of the latency histogram. */
export interface LatencySeries {
  readonly labels: Labels
  /** The number of requests in each bucket. A bucket is above the bound before and up to its own; the last is above all bounds. */
  readonly counts: number[]
  /** The sum of all latencies, in simulated milliseconds. */
  sum: number
}

/** The counts of the requests that have ended. */
export interface Tally {
  readonly requests: CountFamily
  readonly tokens: CountFamily
  readonly money: CountFamily
  readonly cuts: CountFamily
  latencies(): Iterable<LatencySeries>
  /** Removes all series. */
  clear(): void
}

/** Counts every request of a mock that ends from now on. */
export function tally(mock: Mock): Tally {
  const families = { requests: family(), tokens: family(), money: family(), cuts: family() }
  const latencies = new Map<string, LatencySeries>()
  mock.watch(add)

  return {
    ...families,
    latencies: () => latencies.values(),
    clear() {
      for (const each of Object.values(families)) each.clear()
      latencies.clear()
    },
  }

  function add(record: RequestRecord): void {
    const { profile } = mock
    const { protocol, status, verdict = 'none', arrivedAt, endedAt = arrivedAt, end } = record
    // A client can name any model. Only existing models become labels, so that the number of series stays small.
    const model = record.model !== undefined && Object.hasOwn(profile.models, record.model) ? record.model : ''
    const account = record.account ?? ''
    families.requests.add({ account, model, protocol, status: String(status ?? 0), verdict }, 1)
    if (verdict === 'admitted') {
      families.tokens.add({ account, model, kind: 'prompt' }, record.promptTokens ?? 0)
      families.tokens.add({ account, model, kind: 'output' }, record.outputTokens ?? 0)
      families.money.add({ account, model, currency: profile.currency }, record.money ?? 0)
    }
    if (end === 'left' || end === 'broken') families.cuts.add({ account, by: end === 'left' ? 'client' : 'fault' }, 1)
    observe({ protocol, verdict }, endedAt - arrivedAt)
  }

  function observe(labels: Labels, latency: Millis): void {
    const name = Object.values(labels).join('\n')
    let series = latencies.get(name)
    if (!series) {
      series = { labels, counts: new Array(latencyBounds.length + 1).fill(0), sum: 0 }
      latencies.set(name, series)
    }
    const at = latencyBounds.findIndex((bound) => latency <= bound)
    series.counts[at < 0 ? latencyBounds.length : at]!++
    series.sum += latency
  }
}

function family(): CountFamily & { clear(): void } {
  const counts = new Map<string, Count>()
  function addTo(name: string, labels: Labels, by: number): void {
    const known = counts.get(name)
    if (known) known.value += by
    else counts.set(name, { labels, value: by })
  }
  return {
    add(labels, by) {
      const name = Object.values(labels).join('\n')
      if (counts.has(name) || counts.size < mostSeries - 1) addTo(name, labels, by)
      else addTo('', overflow, by)
    },
    series: () => counts.values(),
    clear: () => counts.clear(),
  }
}
