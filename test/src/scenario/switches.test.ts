import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { simulate } from '../../../sim/skins/in-process.ts'
import { virtualClock } from '../../../sim/time/virtual-clock.ts'
import { wireSwitchTable } from '../../../sim/wire/wire-switches.ts'
import type { Bounds } from '../../../src/core/expect.ts'
import { seeded } from '../../../src/core/random.ts'
import { aboutSwitch, type SwitchRow, type SwitchTable, valueShape } from '../../../src/scenario/switch-table.ts'
import { type Switches, switchesOf, switchesShape, switchNames, switchTable } from '../../../src/scenario/switches.ts'
import type { World } from '../../../src/scenario/world.ts'
import { callOf, RecorderStub } from '../../sim/rig.ts'

const rowOf = (name: keyof Switches): SwitchRow => switchTable[name]
const problemsOf = (name: keyof Switches, value: unknown) => valueShape(rowOf(name))(name, value)

describe('defaults', () => {
  test('are those of the table, and are replaced by those of the world', () => {
    expect(switchesOf()).toEqual(Object.fromEntries(switchNames.map((name) => [name, switchTable[name].default])))
    expect(switchesOf({ window: 'fixed', burstFloor: 0.5 })).toEqual({
      ...switchesOf(),
      window: 'fixed',
      burstFloor: 0.5,
    })
  })

  test.each(switchNames)('that of `%s` is a value it may have', (name) => {
    expect(problemsOf(name, switchTable[name].default)).toEqual([])
    expect(aboutSwitch(rowOf(name)).length).toBeGreaterThan(10)
  })

  test('are the documented values', () => {
    const { window, gridPhase, checkOrder, rejectsCount, tokenCharge, refund, onHangUp, retryAfter, burstGuard } =
      switchesOf()
    expect({
      window,
      gridPhase,
      checkOrder,
      rejectsCount,
      tokenCharge,
      refund,
      onHangUp,
      retryAfter,
      burstGuard,
    }).toEqual({
      window: 'sliding',
      gridPhase: 'seed',
      checkOrder: 'limits-first',
      refund: true,
      onHangUp: 'stop',
      rejectsCount: false,
      tokenCharge: 'split',
      retryAfter: 'none',
      burstGuard: true,
    })
  })
})

describe('alternatives', () => {
  const numbers = switchNames.filter((name) => !Array.isArray(rowOf(name).values))

  test('have every number, except one that is off', () => {
    const bare = numbers.filter((name) => rowOf(name).alternatives === undefined)
    expect(bare.map((name) => [name, switchTable[name].default])).toEqual([['inFlightLimit', 0]])
  })

  test.each(numbers.filter((name) => rowOf(name).alternatives))(
    '`%s` has a lower and a higher one, which it may have',
    (name) => {
      const [lower, higher] = rowOf(name).alternatives ?? []
      expect(lower).toBeLessThan(switchTable[name].default as number)
      expect(higher).toBeGreaterThan(switchTable[name].default as number)
      expect([lower, higher].flatMap((value) => problemsOf(name, value))).toEqual([])
    },
  )

  test('are named only for numbers, because every value of a list is one', () => {
    const lists = switchNames.filter((name) => !numbers.includes(name))
    expect(lists.filter((name) => rowOf(name).alternatives !== undefined)).toEqual([])
    expect(lists.length).toBeGreaterThan(3)
  })
})

describe('docs/discoveries.md', () => {
  const everySwitch: SwitchTable = { ...switchTable, ...wireSwitchTable }

  interface Row {
    readonly default: string
    readonly alternatives: string
    readonly ground: string
  }

  /** The tables of switches in the document have the columns | `name` | `default` | alternatives | ground |. */
  const text = readFileSync(new URL('../../../docs/discoveries.md', import.meta.url), 'utf8')
  const assumptions = text.slice(text.indexOf('\n## Assumptions'), text.indexOf('\n## Not established'))
  const documented = new Map<string, Row>()
  for (const line of assumptions.split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim())
    const name = /^`(\w+)`$/.exec(cells[1] ?? '')?.[1]
    if (name) documented.set(name, { default: cells[2]!, alternatives: cells[3]!, ground: cells[4]! })
  }

  test('has a row for every switch, and no other rows', () => {
    expect([...documented.keys()].toSorted()).toEqual(Object.keys(everySwitch).toSorted())
  })

  test.each(Object.keys(everySwitch))('agrees with the table of switches about `%s`', (name) => {
    const row = documented.get(name)!
    const plain = row.default.replaceAll('`', '').replaceAll(',', '').replace(/ ms$/, '')
    const { values, label, default: usual } = everySwitch[name]!
    expect(plain).toBe(String(usual))
    expect(/\bis documented\b|^Fact\b/.test(row.ground)).toBe(label === 'fact')

    if (Array.isArray(values)) {
      const all = [row.default, ...row.alternatives.split(', ')].map((cell) => cell.replaceAll('`', ''))
      expect(all.toSorted()).toEqual(values.map(String).toSorted())
      return
    }
    const { above, atLeast, atMost, whole } = values as Bounds
    const from = above === undefined ? `from ${atLeast}` : `above ${above}`
    const to = atMost === undefined ? '' : `, up to ${atMost.toLocaleString('en')}`
    expect(row.alternatives).toBe(`any ${whole ? 'whole number ' : ''}${from}${to}`)
  })
})

describe('a value', () => {
  test.each<[keyof Switches, unknown, string]>([
    ['window', 'leaky', 'one of sliding, fixed, bucket, anchored, got "leaky"'],
    ['window', undefined, 'one of sliding, fixed, bucket, anchored, got undefined'],
    ['rejectsCount', 'yes', 'one of false, true, got "yes"'],
    ['rejectsCount', 1, 'one of false, true, got 1'],
    ['burstInterval', 0, '> 0 and <= 86400000, got 0'],
    ['burstInterval', 2.5, 'a whole number > 0 and <= 86400000, got 2.5'],
    ['burstGrowth', 1, '> 1, got 1'],
    ['latencySpread', -0.1, '>= 0 and <= 3, got -0.1'],
    ['networkSpread', 500, '>= 0 and <= 3, got 500'],
    ['tokensPerSecond', Number.NaN, 'a finite number >= 0.01 and <= 1000000, got NaN'],
    ['networkDelay', Infinity, 'a finite number >= 0 and <= 3600000, got Infinity'],
    ['firstToken', '600', 'a finite number >= 0 and <= 3600000, got "600"'],
  ])('%s: %o', (name, value, wanted) => {
    expect(problemsOf(name, value)).toEqual([`Expected \`${name}\` to be ${wanted}`])
  })

  test('names the field by its whole path', () => {
    expect(switchesShape('world.switches', { burstFloor: 0, window: 'fxed' })).toEqual([
      'Expected `world.switches.window` to be one of sliding, fixed, bucket, anchored, got "fxed"; did you mean fixed?',
      'Expected `world.switches.burstFloor` to be > 0 and <= 1000, got 0',
    ])
  })

  test.each<[keyof Switches, unknown]>([
    ['window', 'bucket'],
    ['rejectsCount', true],
    ['latencySpread', 0],
    ['networkDelay', 0],
    ['burstGrowth', 1.01],
    ['burstMemory', 1],
  ])('%s may be %o', (name, value) => {
    expect(problemsOf(name, value)).toEqual([])
  })
})

describe('every number that a switch may have', () => {
  const least = 1e-9
  const extremes = switchNames.flatMap((name) => {
    const { values } = switchTable[name] as { values: unknown }
    if (Array.isArray(values)) return []
    const { above = -Infinity, atLeast = above + least, atMost = 1e300, whole = false } = values as Bounds
    return [atMost, whole ? Math.ceil(atLeast) : atLeast].map((value) => [name, value] as const)
  })

  test.each(extremes)('%s = %d makes a world that runs', async (name, value) => {
    expect(problemsOf(name, value)).toEqual([])
    const clock = virtualClock()
    const journal = new RecorderStub()
    const world: World = {
      profile: 'intl',
      accounts: [{ name: 'a', keys: ['k'] }],
      // The other switches have extreme values.
      switches: { latencySpread: 3, networkSpread: 3, firstToken: 3_600_000, tokensPerSecond: 0.01, [name]: value },
    }
    const { send } = simulate(world, {
      timeline: clock,
      random: seeded(1),
      recorder: journal,
      outputTokens: () => 1_000_000,
    })
    for (let id = 0; id < 200; id++) {
      const call = callOf(id, { target: { endpoint: 'dashscope', key: 'k', model: 'qwen3-max' } })
      clock.after(60 * id, () => void send(call, id, 0))
    }
    await clock.run(clock.sleep(365 * 86_400_000))
    expect(journal.decisions.size).toBe(200)
  })
})
