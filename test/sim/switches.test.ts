import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { switchesOf, switchNames, switchProblem, switchTable } from '../../sim/switches.ts'
import type { Switches } from '../../src/core/world.ts'

describe('defaults', () => {
  test('are the table’s, and what the world says goes over them', () => {
    expect(switchesOf()).toEqual(Object.fromEntries(switchNames.map((name) => [name, switchTable[name].default])))
    expect(switchesOf({ window: 'fixed', burstFloor: 0.5 })).toEqual({
      ...switchesOf(),
      window: 'fixed',
      burstFloor: 0.5,
    })
  })

  test.each(switchNames)('that of `%s` is a value it may have', (name) => {
    expect(switchProblem(name, switchTable[name].default)).toBeUndefined()
    expect(switchTable[name].about.length).toBeGreaterThan(10)
  })

  test('are those that the issue asks for', () => {
    const { window, rejectsCount, tokenCharge, retryAfter, burstGuard } = switchesOf()
    expect({ window, rejectsCount, tokenCharge, retryAfter, burstGuard }).toEqual({
      window: 'sliding',
      rejectsCount: false,
      tokenCharge: 'split',
      retryAfter: 'none',
      burstGuard: true,
    })
  })
})

describe('docs/discoveries.md', () => {
  interface Row {
    readonly default: string
    readonly alternatives: string
    readonly ground: string
  }

  /** Its table of switches: | `name` | `default` | alternatives | ground | */
  const text = readFileSync(new URL('../../docs/discoveries.md', import.meta.url), 'utf8')
  const assumptions = text.slice(text.indexOf('\n## Assumptions'), text.indexOf('\n## Not established'))
  const documented = new Map<string, Row>()
  for (const line of assumptions.split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim())
    const name = /^`(\w+)`$/.exec(cells[1] ?? '')?.[1]
    if (name) documented.set(name, { default: cells[2]!, alternatives: cells[3]!, ground: cells[4]! })
  }

  test('tells of every switch, and of no other', () => {
    expect([...documented.keys()].toSorted()).toEqual(switchNames.toSorted())
  })

  test.each(switchNames)('says of `%s` what the table says', (name) => {
    const row = documented.get(name)!
    const plain = row.default.replaceAll('`', '').replaceAll(',', '').replace(/ ms$/, '')
    expect(plain).toBe(String(switchTable[name].default))
    expect(/\bis documented\b/.test(row.ground)).toBe(switchTable[name].label === 'fact')

    const { values } = switchTable[name] as { values: unknown }
    if (Array.isArray(values)) {
      const all = [row.default, ...row.alternatives.split(', ')].map((cell) => cell.replaceAll('`', ''))
      expect(all.toSorted()).toEqual(values.map(String).toSorted())
      return
    }
    const { above, atLeast, whole } = values as { above?: number; atLeast?: number; whole?: boolean }
    const range = above === undefined ? `from ${atLeast}` : `above ${above}`
    expect(row.alternatives).toBe(`any ${whole ? 'whole number ' : ''}${range}`)
  })
})

describe('switchProblem', () => {
  test.each<[keyof Switches, unknown, string]>([
    ['window', 'leaky', 'Expected `window` to be one of sliding, fixed, bucket, got "leaky"'],
    ['window', undefined, 'Expected `window` to be one of sliding, fixed, bucket, got undefined'],
    ['rejectsCount', 'yes', 'Expected `rejectsCount` to be one of false, true, got "yes"'],
    ['rejectsCount', 1, 'Expected `rejectsCount` to be one of false, true, got 1'],
    ['burstInterval', 0, 'Expected `burstInterval` to be > 0, got 0'],
    ['burstInterval', 2.5, 'Expected `burstInterval` to be a whole number > 0, got 2.5'],
    ['burstGrowth', 1, 'Expected `burstGrowth` to be > 1, got 1'],
    ['latencySpread', -0.1, 'Expected `latencySpread` to be >= 0, got -0.1'],
    ['tokensPerSecond', Number.NaN, 'Expected `tokensPerSecond` to be a finite number > 0, got NaN'],
    ['networkDelay', Infinity, 'Expected `networkDelay` to be a finite number >= 0, got Infinity'],
    ['firstToken', '600', 'Expected `firstToken` to be a finite number >= 0, got "600"'],
  ])('%s: %o', (name, value, problem) => {
    expect(switchProblem(name, value)).toBe(problem)
  })

  test('names the field by its whole path', () => {
    expect(switchProblem('burstFloor', 0, 'world.switches.burstFloor')).toBe(
      'Expected `world.switches.burstFloor` to be > 0, got 0',
    )
  })

  test.each<[keyof Switches, unknown]>([
    ['window', 'bucket'],
    ['rejectsCount', true],
    ['latencySpread', 0],
    ['networkDelay', 0],
    ['burstGrowth', 1.01],
    ['burstMemory', 1],
  ])('%s may be %o', (name, value) => {
    expect(switchProblem(name, value)).toBeUndefined()
  })
})
