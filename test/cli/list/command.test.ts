import { describe, expect, test } from 'vitest'
import { overviewText, settingsText } from '../../../cli/list/command.ts'
import { strategyNames } from '../../../lab/catalogue/catalogue.ts'
import { wireSwitchTable } from '../../../sim/wire/wire-switches.ts'
import { switchTable } from '../../../src/scenario/switches.ts'

const widths = [40, 60, 80, 100, 120, 200]

/** The names at the beginning of rows. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name!)
}

describe('the lists fit the width and name everything', () => {
  test.each(widths)('at %i columns', async (width) => {
    const overview = await overviewText(width)
    expect(namesIn(overview)).toEqual(expect.arrayContaining(['burst', 'steady', 'article', ...strategyNames]))
    const settings = settingsText(width)
    const switches = [...Object.keys(switchTable), ...Object.keys(wireSwitchTable)]
    expect(namesIn(settings)).toEqual(
      expect.arrayContaining([
        ...switches,
        'arrivals.calls',
        'tenants.N.share',
        'background.N.arrivals.…',
        'events.N.repeat.every',
      ]),
    )
    for (const line of `${overview}\n${settings}`.split('\n')) {
      expect(line.length, line).toBeLessThanOrEqual(width)
      expect(line).toBe(line.trimEnd())
    }
  })

  test('a setting has its default, its possible values and its meaning', () => {
    expect(settingsText(200)).toMatch(
      /^ {2}rejectsCount +false +false \| true +assumption: rejected attempts count against/m,
    )
  })
})
