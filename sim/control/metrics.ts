import type { Mock } from '../mock/mock.ts'
import { isWall, loadOf } from './state.ts'
import { type CountFamily, type Labels, type LatencySeries, latencyBounds, type Tally } from './tally.ts'

/** What Prometheus wants to be told of its text format. */
export const metricsType = 'text/plain; version=0.0.4; charset=utf-8'

interface Sample {
  readonly labels: Labels
  readonly value: number
  /** `_bucket`, say; absent: none. */
  readonly suffix?: string
}

/** The mock in Prometheus's text format, 0.0.4. Durations are simulated seconds. */
export function metricsText(mock: Mock, tally: Tally): string {
  const { timeline } = mock
  const speed = isWall(timeline) ? [{ labels: {}, value: timeline.speed() }] : []
  const { inFlight, waiting } = loadOf(mock, () => true)
  return [
    metric('requests_total', 'counter', 'Requests that have ended.', counted(tally.requests)),
    metric('tokens_total', 'counter', 'Tokens of admitted requests.', counted(tally.tokens)),
    metric('money_total', 'counter', 'What was billed, in the label’s currency.', counted(tally.money)),
    metric('cuts_total', 'counter', 'Requests cut short, by the client or by a fault.', counted(tally.cuts)),
    metric('in_flight', 'gauge', 'Requests that are being served.', [{ labels: {}, value: inFlight }]),
    metric('waiting', 'gauge', 'Requests that are not decided yet.', [{ labels: {}, value: waiting }]),
    ...windowMetrics(mock),
    metric('latency_seconds', 'histogram', 'From arrival to end.', [...tally.latencies()].flatMap(histogram)),
    metric('clock_seconds', 'gauge', 'Simulated time.', [{ labels: {}, value: timeline.now() / 1000 }]),
    metric('clock_speed', 'gauge', 'Simulated seconds a real one; 0: paused.', speed),
  ].join('')
}

function windowMetrics({ provider, timeline }: Mock): string[] {
  const now = timeline.now()
  const levels = [...provider.accounts.values()].flatMap((account) =>
    account.opened().flatMap(({ model, workspace }) =>
      account
        .quota(model, workspace)!
        .levels(now)
        .map((level, nth) => {
          const { rule, unit, window } = level
          // Numbered: a workspace and its account may each have a limit of one rule and window.
          const labels = {
            account: account.name,
            workspace: workspace ?? '',
            model,
            rule,
            unit,
            window: String(window),
            nth: String(nth),
          }
          return { level, labels }
        }),
    ),
  )
  const samples = (value: (each: (typeof levels)[number]['level']) => number): Sample[] =>
    levels.map(({ level, labels }) => ({ labels, value: value(level) }))
  return [
    metric(
      'window_used',
      'gauge',
      'How much of a limit is used.',
      samples(({ used }) => used),
    ),
    metric(
      'window_limit',
      'gauge',
      'The limit in force.',
      samples(({ limit }) => limit),
    ),
    metric(
      'window_fill_ratio',
      'gauge',
      'Used by limit.',
      samples(({ used, limit }) => used / limit),
    ),
  ]
}

function counted(family: CountFamily): Sample[] {
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
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
