import { describe, expect, test } from 'vitest'
import type { Background } from '../../../src/scenario/background.ts'
import { key, type Lab, lab, read } from '../mock-rig.ts'
import { requests } from '../rig.ts'

/** One call every 100 ms or so, of 10 tokens and an answer that takes 50 ms. */
const other: Background = {
  account: 'a',
  model: 'm',
  arrivals: { kind: 'gamma', perSecond: 10, cv: 0.01, until: 10_000 },
  lengths: { kind: 'fixed', prompt: 10, output: 50 },
  maxTokens: 100,
}
const begin = { arrivals: { kind: 'at-once', calls: 3 }, lengths: { kind: 'fixed', prompt: 1, output: 1 } } as const
const limits = { m: [requests(1000)] }
const pass = ({ clock }: Lab, ms: number) => clock.run(clock.sleep(ms))
const used = ({ mock, clock }: Lab) => mock.provider.accounts.get('a')!.quota('m')!.levels(clock.now())[0]!.used

describe('the background of a mock', () => {
  test('uses the limits as time passes, and nobody sees its requests', async () => {
    const made = lab({ limits, background: [other] })
    await pass(made, 1050)
    expect(used(made)).toBe(10)
    await pass(made, 30_000)
    expect(used(made)).toBe(100)
    expect(made.mock.inFlight).toBe(0)
    expect(made.mock.journal.entries()).toEqual([])
  })

  test('leaves the rest to the requests', async () => {
    const made = lab({
      limits: { m: 'rpm:3' },
      background: [{ ...other, ...begin, arrivals: { kind: 'at-once', calls: 2 } }],
    })
    await pass(made, 10)
    const statuses = []
    for (let i = 0; i < 2; i++) statuses.push((await made.clock.run(read(made))).answer)
    expect(statuses.map((answer) => answer.kind !== 'hang-up' && answer.status)).toEqual([200, 429])
  })

  test('begins again with a reset, with the same calls', async () => {
    const made = lab({
      limits,
      background: [{ ...other, arrivals: { kind: 'poisson', perSecond: 10, until: 10_000 } }],
    })
    await pass(made, 5000)
    const before = used(made)
    made.mock.reset()
    expect(used(made)).toBe(0)
    await pass(made, 5000)
    expect(used(made)).toBe(before)
    made.mock.reset(2)
    await pass(made, 5000)
    expect(used(made)).not.toBe(before)
  })

  test('goes on when something else changes, and is replaced when it changes itself', async () => {
    const made = lab({ limits, background: [other] })
    await pass(made, 1050)
    made.mock.reconfigure({ wire: { answerTokens: 3 } })
    await pass(made, 1000)
    expect(used(made)).toBe(20)
    made.mock.reconfigure({ background: [] })
    await pass(made, 5000)
    expect(used(made)).toBe(20)
    made.mock.reconfigure({ background: [{ ...other, ...begin }] })
    await pass(made, 1)
    expect(used(made)).toBe(23)
  })

  test('has the new key of its account', async () => {
    const made = lab({ limits, background: [other] })
    made.mock.reconfigure({ accounts: [{ name: 'a', keys: ['sk-new'] }] })
    await pass(made, 1050)
    expect(used(made)).toBe(10)
  })

  test('is charged for what was in service when it ended', async () => {
    const limits = { m: 'tpm:1000' }
    const made = lab({ limits, background: [{ ...other, arrivals: { kind: 'at-once', calls: 2 } }] })
    await pass(made, 1)
    made.mock.reconfigure({ background: [] })
    expect(used(made)).toBe(20)
    await pass(made, 100)
    expect(used(made)).toBe(120)
  })

  test.each([
    ['an account that is not there', { account: 'b' }, 'options.background[0].account` to be one of a, got "b"'],
    ['a model that nobody has', { model: 'mm' }, 'options.background[0].model` to be one of '],
    ['a trace', { arrivals: { kind: 'trace', speed: 1 } }, 'options.background[0].arrivals.kind` to be one of '],
    [
      'arrivals without an end',
      { arrivals: { kind: 'poisson', perSecond: 1e-6, until: 1e300 } },
      'options.background[0].arrivals.until` to be at most 15552000000, got 1e+300',
    ],
  ])('may not have %s', (_what, changes, problem) => {
    expect(() => lab({ background: [{ ...other, ...changes } as Background] })).toThrow(problem)
  })

  test('has at most 100 items', () => {
    expect(() => lab({ background: Array(101).fill(other) })).toThrow('`options.background` to have at most 100 items')
  })

  test('keeps the account that it uses', () => {
    const made = lab({ background: [other] })
    expect(() => made.mock.reconfigure({ accounts: [{ name: 'b', keys: [key] }] })).toThrow(
      'Expected `changes.background[0].account` to be one of b, got "a"',
    )
  })
})
