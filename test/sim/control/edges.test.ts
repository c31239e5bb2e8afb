import { describe, expect, test } from 'vitest'
import { wallTimeline } from '../../../sim/time/wall-timeline.ts'
import { lastInstant } from '../../../src/core/last-instant.ts'
import { chat, key, lab } from '../mock-rig.ts'
import { requests } from '../rig.ts'
import { door } from './door.ts'

/** Two accounts and a clock that stands still a second before the last instant. */
function nearEnd() {
  const timeline = wallTimeline({ speed: 0, origin: lastInstant - 1000 })
  const accounts = [
    { name: 'a', keys: [key] },
    { name: 'b', keys: ['sk-b'] },
  ]
  return door(lab({ timeline, limits: { m: [requests(1)] }, accounts }))
}

describe('an action that is refused has changed nothing', () => {
  test.each<[path: string, body: object]>([
    ['limits', { model: 'm', limits: [requests(7), requests(8, 1e13)] }],
    ['limits', { model: 'm', limits: [requests(7), { ...requests(8), limit: 1e16 }] }],
    ['limits', { account: 'b', model: 'm', limits: [requests(7), requests(8)] }],
    ['quota', { model: 'm', factor: 2, unit: 'both' }],
    ['billing', { freeTokens: 5, arrears: 1 }],
    ['clock', { speed: 60, paused: false, advance: 1001 }],
    ['reset', { seed: 2 ** 32 + 1 }],
    [
      'faults',
      {
        faults: [
          { when: 'always', do: { error: 'tokens' } },
          { when: 'never', do: { error: 'tokens' } },
        ],
      },
    ],
  ])('%s %j', async (path, body) => {
    const { ask, lab: made } = nearEnd()
    // What the limits let through counts, too, and not only what the state shows of them.
    for (const each of [key, 'sk-b']) made.mock.handle(chat({ key: each }))
    const before = (await ask('GET', 'state'))[1]
    expect((await ask('POST', path, body))[1].problems).not.toHaveLength(0)
    expect((await ask('GET', 'state'))[1]).toEqual(before)
    made.mock.handle(chat())
    expect(made.mock.journal.entries().at(-1)).toMatchObject({
      verdict: 'rpm',
      denial: { level: { limit: 1, used: 1 } },
    })
  })
})

describe('at the end of time', () => {
  test('an advance says how far time can go', async () => {
    const { ask } = nearEnd()
    const advance = async (ms: number) => (await ask('POST', 'clock', { advance: ms }))[1].problems ?? []
    expect(await advance(999)).toEqual([])
    expect(await advance(2)).toEqual([expect.stringContaining('+275760-09-13T00:00:00.000Z')])
    expect(await advance(1)).toEqual([])
    expect(await advance(0)).toEqual([])
    expect(await advance(1)).toEqual([expect.stringContaining('+275760-09-13T00:00:00.000Z')])
    const [, { clock }] = await ask('GET', 'state')
    expect(clock).toMatchObject({ now: '+275760-09-13T00:00:00.000Z', ms: lastInstant })
  })

  test('a wait that would last longer has no end, in the state and in the journal', async () => {
    const { ask, lab: made } = nearEnd()
    for (let i = 0; i < 2; i++) made.mock.handle(chat())
    const [status, { accounts }] = await ask('GET', 'state')
    expect(status).toBe(200)
    expect(accounts[0]!.models[0]).toMatchObject({ admitsAt: null, admitsAfterMs: null, windows: [{ admitsAt: null }] })
    const [, { entries }] = await ask('GET', 'journal')
    expect(entries[1]!.denial).toMatchObject({ admitsAt: null, admitsAfterMs: null })
  })

  test('requests are still decided, and the server still answers', async () => {
    const { ask, lab: made } = nearEnd()
    await ask('POST', 'clock', { advance: 1000 })
    const { hangUp } = made.mock.handle(chat({ key: 'sk-b', stream: true }))
    expect(made.mock.journal.entries()).toMatchObject([{ verdict: 'admitted' }])
    expect((await ask('GET', 'journal'))[0]).toBe(200)
    hangUp()
    expect(made.mock.inFlight).toBe(0)
  })
})
