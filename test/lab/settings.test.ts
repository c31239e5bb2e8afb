import { describe, expect, test } from 'vitest'
import { applySettings } from '../../lab/settings.ts'
import burst from '../../scenarios/burst.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'

const scenario: Scenario = burst
const apply = (...set: string[]) => applySettings(scenario, { set })

describe('--set', () => {
  test('changes a switch in the world, by its type', () => {
    expect(apply('rejectsCount=true', 'window=fixed', 'burstGrowth=1.5').world.switches).toEqual({
      rejectsCount: true,
      window: 'fixed',
      burstGrowth: 1.5,
    })
    expect(apply('burstGuard=off').world.switches).toEqual({ burstGuard: false })
  })

  test('changes a number in every case that has it, and in no other', () => {
    const { cases } = apply('patience=1000', 'arrivals.calls=7', 'lengths.prompt.median=10')
    expect(cases.map(({ patience }) => patience)).toEqual([1000, 1000, 1000])
    expect(cases.map(({ arrivals }) => arrivals)).toEqual(Array(3).fill({ kind: 'at-once', calls: 7 }))
    expect(cases[0]!.lengths).toMatchObject({ prompt: { median: 10 }, output: { median: 150 } })
  })

  test('leaves the scenario as it was', () => {
    const before = JSON.stringify(scenario)
    apply('patience=1', 'window=bucket')
    expect(JSON.stringify(scenario)).toBe(before)
  })

  test('--profile changes the world', () => {
    expect(applySettings(scenario, { profile: 'intl', set: [] }).world.profile).toBe('intl')
  })

  test.each([
    ['patience', 'Expected `--set` to be key=value, got "patience"'],
    ['=3', 'Expected `--set` to be key=value, got "=3"'],
    ['pateince=3', 'did you mean patience?'],
    ['rejectCount=true', 'did you mean rejectsCount?'],
    ['__proto__=1', 'Expected a key that `--set` knows'],
    ['window=slidng', 'Expected `--set window` to be one of sliding, fixed, bucket, got "slidng"'],
    ['rejectsCount=maybe', 'Expected `--set rejectsCount` to be one of false, true, got "maybe"'],
    ['burstGrowth=-1', 'Expected `--set burstGrowth` to be > 1, got -1'],
    ['burstGrowth=NaN', 'Expected `--set burstGrowth` to be a finite number > 1, got "NaN"'],
    ['burstInterval=0.5', 'Expected `--set burstInterval` to be a whole number > 0 and <= 86400000, got 0.5'],
    ['patience=soon', 'Expected `--set patience` to be a number, got "soon"'],
    ['arrivals.perSecond=5', 'Expected a key that a case of `burst` has, got "arrivals.perSecond"'],
  ])('%s is refused: %s', (setting, message) => {
    expect(() => apply(setting)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringContaining(message) }),
    )
  })
})
