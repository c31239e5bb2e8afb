import { describe, expect, test } from 'vitest'
import { metricsText } from '../../../sim/control/metrics.ts'
import { tally } from '../../../sim/control/tally.ts'
import { chat, key, type Lab, lab, read } from '../mock-rig.ts'
import { requests, tokens } from '../rig.ts'

/** Every sample by its name and labels. Reads the text format by its grammar, and insists on it. */
function parsed(text: string): Map<string, number> {
  const samples = new Map<string, number>()
  const types = new Map<string, string>()
  expect(text.endsWith('\n')).toBe(true)
  for (const line of text.slice(0, -1).split('\n')) {
    const [, name, type] = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/.exec(line) ?? []
    if (name) {
      expect(types.has(name)).toBe(false)
      types.set(name, type!)
    } else if (!line.startsWith('# HELP ')) {
      const sample = /^([a-z_]+)(\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)*\})? (\S+)$/.exec(line)
      expect([line, sample]).not.toEqual([line, null])
      const family = sample![1]!.replace(/_(bucket|sum|count)$/, '')
      expect(types.has(family) || types.has(sample![1]!)).toBe(true)
      const series = `${sample![1]}${sample![2] ?? ''}`
      expect(samples.has(series)).toBe(false)
      samples.set(series, Number(sample![3]))
    }
  }
  return samples
}

function counting(made: Lab) {
  const counted = tally(made.mock)
  return { counted, samples: () => parsed(metricsText(made.mock, counted)) }
}

describe('metrics', () => {
  test('have the limit on requests in flight, whose window is empty', async () => {
    const made = lab({ limits: { m: [requests(5)] }, switches: { inFlightLimit: 2 } })
    const { samples } = counting(made)
    const work = read(made)
    await made.clock.run(made.clock.sleep(1))
    const labels = 'account="a",workspace="",model="m",rule="concurrency",unit="requests",window="",nth="1"'
    expect(samples().get(`ratelab_window_used{${labels}}`)).toBe(1)
    expect(samples().get(`ratelab_window_fill_ratio{${labels}}`)).toBe(0.5)
    await made.clock.run(work)
  })

  test('count requests, tokens, money, cuts and how long it took', async () => {
    const made = lab({ limits: { 'qwen-plus': [requests(1), tokens(1000)] } })
    const { samples } = counting(made)
    const model = 'qwen-plus'
    await made.clock.run(read(made, { model }))
    await made.clock.run(read(made, { model }))
    const [admitted] = made.mock.journal.entries()
    const found = samples()
    const of = (verdict: string, status: number) =>
      found.get(
        `ratelab_requests_total{account="a",model="qwen-plus",protocol="compat-chat",status="${status}",verdict="${verdict}"}`,
      )
    expect([of('admitted', 200), of('rpm', 429)]).toEqual([1, 1])
    expect(found.get('ratelab_tokens_total{account="a",model="qwen-plus",kind="output"}')).toBe(10)
    expect(found.get('ratelab_money_total{account="a",model="qwen-plus",currency="USD"}')).toBe(admitted!.money)
    const window = 'account="a",workspace="",model="qwen-plus",rule="rpm",unit="requests",window="60000",nth="0"'
    expect(found.get(`ratelab_window_fill_ratio{${window}}`)).toBe(1)
    expect(found.get('ratelab_in_flight')).toBe(0)
    const latency = (name: string, le = '') =>
      found.get(`ratelab_latency_seconds_${name}{protocol="compat-chat",verdict="admitted"${le}}`)
    expect(latency('bucket', ',le="0.01"')).toBe(1)
    expect(latency('bucket', ',le="+Inf"')).toBe(1)
    expect([latency('sum'), latency('count')]).toEqual([0.01, 1])
  })

  test('count who left, and what a fault broke', async () => {
    const made = lab({ faults: [{ match: { stream: false }, when: 'always', do: { break: 'before' } }] })
    const { samples } = counting(made)
    await made.clock.run(read(made))
    const gone = made.mock.handle(chat({ stream: true }))
    gone.hangUp()
    expect(samples().get('ratelab_cuts_total{account="a",by="client"}')).toBe(1)
    expect(samples().get('ratelab_cuts_total{account="a",by="fault"}')).toBe(1)
  })

  test('have no more series than a server of metrics can hold, and count the rest in one', async () => {
    const accounts = Array.from({ length: 2100 }, (_, i) => ({ name: `a${i}`, keys: [`sk-${i}`] }))
    const made = lab({ accounts, limits: { m: [requests(1)] } })
    const { samples } = counting(made)
    for (let i = 0; i < 2100; i++) made.mock.handle(chat({ key: `sk-${i}`, stream: true })).hangUp()
    const found = samples()
    const cuts = [...found].filter(([series]) => series.startsWith('ratelab_cuts_total'))
    expect(cuts).toHaveLength(2000)
    expect(cuts.reduce((sum, [, count]) => sum + count, 0)).toBe(2100)
    expect(found.get('ratelab_cuts_total{overflow="true"}')).toBe(101)
    expect([...found.keys()].filter((series) => series.startsWith('ratelab_window_used'))).toHaveLength(2000)
    expect(found.get('ratelab_models_left_out')).toBe(100)
  }, 30_000)

  test('models that do not exist make no series, and labels are escaped', async () => {
    const made = lab({ accounts: [{ name: 'a "quoted\\\n" one', keys: [key] }] })
    const { counted } = counting(made)
    for (const model of ['x', 'y', '__proto__', 'constructor']) await made.clock.run(read(made, { model }))
    const text = metricsText(made.mock, counted)
    parsed(text)
    expect(text.match(/^ratelab_requests_total.*/gm)).toEqual([
      'ratelab_requests_total{account="a \\"quoted\\\\\\n\\" one",model="",protocol="compat-chat",status="404",verdict="refused"} 4',
    ])
  })
})
