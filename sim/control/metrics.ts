import { escaped } from '../../src/core/printable.ts'
import type { Mock } from '../mock/mock.ts'
import type { Level } from '../provider/counters.ts'
import { isWallTimeline, loadsOf } from './state.ts'
import { type CountFamily, type Labels, type LatencySeries, latencyBounds, mostSeries, type Tally } from './tally.ts'

/** The media type of Prometheus's text format. */
export const metricsType = 'text/plain; version=0.0.4; charset=utf-8'

interface Sample {
  readonly labels: Labels
  readonly value: number
  /** The end of the metric's name, such as `_bucket`. Default: none. */
  readonly suffix?: string
}

/**
 * Returns the counters and gauges of a mock in Prometheus's text format, version 0.0.4, with a bounded number of series. Durations are in simulated
 * seconds.
 */
export function metricsText(mock: Mock, tally: Tally): string {
  const { timeline } = mock
  const speed = isWallTimeline(timeline) ? [{ labels: {}, value: timeline.speed() }] : []
  const { inFlight, waiting } = loadsOf(mock)()
  return [
    metric('requests_total', 'counter', 'Requests that have ended.', samplesOf(tally.requests)),
    metric('tokens_total', 'counter', 'Tokens of admitted requests.', samplesOf(tally.tokens)),
    metric('money_total', 'counter', 'Billed money, in the currency of the label.', samplesOf(tally.money)),
    metric('cuts_total', 'counter', 'Requests cut short, by the client or by a fault.', samplesOf(tally.cuts)),
    metric('in_flight', 'gauge', 'Requests that are being served.', [{ labels: {}, value: inFlight }]),
    metric('waiting', 'gauge', 'Requests that are not decided yet.', [{ labels: {}, value: waiting }]),
    ...windowMetrics(mock),
    metric(
      'latency_seconds',
      'histogram',
      'Simulated time from the arrival of a request to its end.',
      [...tally.latencies()].flatMap(histogram),
    ),
    metric('clock_seconds', 'gauge', 'Simulated time since 1970.', [{ labels: {}, value: timeline.now() / 1000 }]),
    metric('clock_speed', 'gauge', 'Simulated seconds that pass in a real one; 0 while time is paused.', speed),
  ].join('')
}

function windowMetrics({ provider, timeline }: Mock): string[] {
  const now = timeline.now()
  const levels: { readonly level: Level; readonly labels: Labels }[] = []
  let leftOut = 0
  for (const account of provider.accounts.values())
    for (const { model, workspace } of account.opened()) {
      if (levels.length >= mostSeries) {
        leftOut++
        continue
      }
      for (const [nth, level] of account.quota(model, workspace)!.levels(now).entries()) {
        const { rule, unit, window = '' } = level
        // `nth` distinguishes the limits of a workspace and of its account when both have the same rule and window.
        const place = { account: account.name, workspace: workspace ?? '', model }
        levels.push({ level, labels: { ...place, rule, unit, window: String(window), nth: String(nth) } })
      }
    }
  const samples = (value: (level: Level) => number): Sample[] =>
    levels.map(({ level, labels }) => ({ labels, value: value(level) }))
  return [
    metric(
      'window_used',
      'gauge',
      'The used part of a limit.',
      samples(({ used }) => used),
    ),
    metric(
      'window_limit',
      'gauge',
      'The limit that is in force.',
      samples(({ limit }) => limit),
    ),
    metric(
      'window_fill_ratio',
      'gauge',
      'The used part of a limit, as a share of the limit.',
      samples(({ used, limit }) => used / limit),
    ),
    metric('models_left_out', 'gauge', 'Models of accounts whose limits have no samples, since there are too many.', [
      { labels: {}, value: leftOut },
    ]),
  ]
}

function samplesOf(family: CountFamily): Sample[] {
  return [...family.series()]
}

function histogram({ labels, counts, sum }: LatencySeries): Sample[] {
  let total = 0
  const buckets = counts.map((count, i) => {
    total += count
    const bound = latencyBounds[i]
    const le = bound === undefined ? '+Inf' : String(bound / 1000)
    return { suffix: '_bucket', labels: { ...labels, le }, value: total }
  })
  return [...buckets, { suffix: '_sum', labels, value: sum / 1000 }, { suffix: '_count', labels, value: total }]
}

function metric(
  name: string,
  type: 'counter' | 'gauge' | 'histogram',
  help: string,
  samples: readonly Sample[],
): string {
  const full = `ratelab_${name}`
  const lines = samples.map(({ suffix = '', labels, value }) => `${full}${suffix}${labelText(labels)} ${value}\n`)
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join('')}`
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${labelValue(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function labelValue(value: string): string {
  // The format has an escape of its own for a line feed.
  return value
    .split('\n')
    .map(escaped)
    .join('\n')
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
}
