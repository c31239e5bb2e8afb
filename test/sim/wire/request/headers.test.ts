import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { WireRequest } from '../../../../sim/wire/exchange.ts'
import { waitTimeout } from '../../../../sim/wire/request/headers.ts'
import type { Limit } from '../../../../src/core/limit.ts'
import { chatPath, protocolRig } from '../protocols/protocol-rig.ts'

function parsed(value: string | undefined): number {
  const request: Partial<WireRequest> = { header: (name) => (name === 'x-dashscope-wait-timeout' ? value : undefined) }
  return waitTimeout(request as WireRequest)
}

describe('X-DashScope-Wait-Timeout', () => {
  test.prop([fc.nat(999_999_999)])('is whole seconds', (seconds) => {
    expect(parsed(String(seconds))).toBe(seconds * 1000)
    expect(parsed(` ${seconds} `)).toBe(seconds * 1000)
  })

  test.each([
    undefined,
    '',
    ' ',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '1e999',
    'NaN',
    'Infinity',
    '0x10',
    'soon',
    '1s',
    '9'.repeat(400),
    '١',
  ])('is ignored when its value is %j', (value) => {
    expect(parsed(value)).toBe(0)
  })

  test.prop([fc.string()])('gives a wait in whole milliseconds or none, for any text', (value) => {
    const wait = parsed(value)
    expect(Number.isSafeInteger(wait) && wait >= 0).toBe(true)
    if (!/^\s*\d+\s*$/.test(value)) expect(wait).toBe(0)
  })
})

const hello = { model: 'qwen-plus', messages: [{ role: 'user', content: 'Hello' }] }
/** The burst guard, and nothing else, admits one request in the first five seconds and then two. */
const guard = { burstInterval: 5000, burstFloor: 0.0001, burstGrowth: 2, burstMemory: 60_000 }
const plenty: readonly Limit[] = [{ rule: 'rpm', limit: 1000, window: 60_000 }]

/** Sends two requests at once, of which the second has the header. Returns its reply and the time until the decision. */
async function second(seconds: string, limits = plenty, switches: object = guard) {
  const rig = protocolRig({ limits: { 'qwen-plus': limits }, switches })
  const first = await rig.ask({ path: chatPath, body: hello })
  expect(first.status).toBe(200)
  const asked = rig.clock.now()
  // The requests come at the start of an interval, so that the whole interval is left.
  await rig.clock.run(rig.clock.sleep(5000 - (asked % 5000)))
  await rig.ask({ path: chatPath, body: hello })
  const twice = { path: chatPath, body: hello, headers: { 'x-dashscope-wait-timeout': seconds } }
  const answers = []
  for (let i = 0; i < 3; i++) answers.push(await rig.ask(twice))
  return answers.map(({ status, record }) => ({
    status,
    verdict: record.verdict,
    waited: record.decidedAt! - record.arrivedAt,
  }))
}

describe('a burst denial', () => {
  test('comes at once without the header', async () => {
    for (const seconds of ['0', '-1', 'NaN', '1e999', 'soon'])
      expect((await second(seconds)).find(({ status }) => status === 429)).toMatchObject({
        verdict: 'burst',
        waited: 0,
      })
  })

  test('does not occur when the wait is long enough: the request is held until it passes', async () => {
    const answers = await second('60')
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const waits = answers.map(({ waited }) => waited)
    expect(Math.max(...waits)).toBeGreaterThan(0)
    expect(Math.max(...waits)).toBeLessThanOrEqual(60_000)
  })

  test('comes when the wait ends first', async () => {
    expect((await second('1')).find(({ status }) => status === 429)).toMatchObject({ verdict: 'burst', waited: 1000 })
  })

  test.each(['300', '301', '999999999'])(
    'comes at once for a wait of %s s, as long as the longest reply',
    async (seconds) => {
      expect((await second(seconds)).find(({ status }) => status === 429)).toMatchObject({
        verdict: 'burst',
        waited: 0,
      })
    },
  )

  test('comes later for any shorter wait', async () => {
    expect((await second('299')).every(({ status }) => status === 200)).toBe(true)
  })
})

test('no other denial is held', async () => {
  const quiet = { burstGuard: false }
  const answers = await second('60', [{ rule: 'rpm', limit: 2, window: 60_000 }], quiet)
  expect(answers).toEqual([
    { status: 429, verdict: 'rpm', waited: 0 },
    { status: 429, verdict: 'rpm', waited: 0 },
    { status: 429, verdict: 'rpm', waited: 0 },
  ])
})
