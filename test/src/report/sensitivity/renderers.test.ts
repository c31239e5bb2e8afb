import { test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Sensitivity } from '../../../../src/compare/sensitivity/sensitivity.ts'
import { jsonSensitivity } from '../../../../src/report/sensitivity/json-sensitivity.ts'
import {
  markdownSensitivity,
  type SensitivityInstallation,
} from '../../../../src/report/sensitivity/markdown-sensitivity.ts'
import { terminalSensitivity } from '../../../../src/report/sensitivity/terminal-sensitivity.ts'
import { textWidth } from '../../../../src/report/terminal/grid.ts'
import { switchNames } from '../../../../src/scenario/switches.ts'
import { anySensitivity } from '../../../golden/any-sensitivity.ts'
import { sensitivity } from '../../../golden/sensitivity.ts'

const files = '../../../golden/files'
const checkout: SensitivityInstallation = { sensitivityCommand: 'npm run sensitivity', hasCharts: true }

describe('a sensitivity in the terminal', () => {
  test.each([120, 60])('at %i columns', async (width) => {
    await expect(terminalSensitivity(sensitivity, { width })).toMatchFileSnapshot(`${files}/sensitivity-${width}.txt`)
  })

  test.each([200, 120, 100, 80, 60, 40])('has no line that is wider than %i columns', (width) => {
    const lines = terminalSensitivity(sensitivity, { width }).split('\n')
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(width)
  })

  test('shows what flips before what weakens, and both before what changes nothing', () => {
    const text = terminalSensitivity(sensitivity, { width: 120 })
    const places = [
      '▼ rejectsCount=true',
      '· window=fixed',
      'Nothing changes under burstGuard=true, burstInterval=2500.',
    ]
    const found = places.map((each) => text.indexOf(each))
    expect(found).toEqual([...found].sort((a, b) => a - b))
    expect(found[0]).toBeGreaterThan(0)
    for (const section of text.split('\n\n')) expect(section).not.toMatch(/\n {4}weakens .*\n {4}flips /)
  })

  test('counts the changes of a case that are too many', () => {
    const [, rejects] = sensitivity.alternatives
    const flips = rejects!.changes.filter(({ outcome }) => outcome === 'flips')
    const many = { ...rejects!, changes: Array.from({ length: 14 }, () => flips[0]!) }
    const text = terminalSensitivity({ ...sensitivity, alternatives: [many] }, { width: 120 })
    expect(text.match(/^ {4}flips /gm)).toHaveLength(13)
    expect(text).toContain('    flips 2 more; --format md shows them\n')
  })

  test('says that too few seeds flip nothing, and which strategy failed', () => {
    const study = { ...sensitivity.study, seeds: [1], failed: [{ id: 'own', message: 'It throws.' }] }
    const text = terminalSensitivity({ ...sensitivity, study }, { width: 200 })
    expect(text).toContain('fewer than 6 seeds nothing can be told from chance')
    expect(text).toContain('\n✗ own failed. It throws.\n')
    expect(text).toContain(
      '✗ mine failed under burstInterval=10000, and nothing is said of it there. It throws. mine.ts:3',
    )
  })

  test.prop([anySensitivity])('has no control characters of a stranger', (any) => {
    expect(terminalSensitivity(any, { width: 80 }).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })
})

describe('a sensitivity in Markdown', () => {
  test('has every change', async () => {
    await expect(markdownSensitivity(sensitivity, checkout)).toMatchFileSnapshot(`${files}/sensitivity.md`)
  })

  test('gives the command that gets it again, with the switches if they are not all', () => {
    const commandOf = (any: Sensitivity, installation = checkout) =>
      /```sh\n(.*)\n```/.exec(markdownSensitivity(any, installation))?.[1]
    expect(commandOf(sensitivity)).toBe(
      'npm run sensitivity burst -- --set burstGuard=false --switches window,rejectsCount,burstGuard,burstInterval',
    )
    const all = { ...sensitivity, alternatives: switchNames.map((name) => ({ switch: name, value: 1, changes: [] })) }
    expect(commandOf(all, { ...checkout, sensitivityCommand: 'npx ratelab sensitivity' })).toBe(
      'npx ratelab sensitivity burst --set burstGuard=false',
    )
    const { given: _, ...scenario } = sensitivity.study.scenario
    expect(commandOf({ ...sensitivity, study: { ...sensitivity.study, scenario } })).toBeUndefined()
  })

  test('says how to get the chart where there is none', () => {
    const text = markdownSensitivity(sensitivity, { ...checkout, hasCharts: false })
    expect(text).not.toContain('sensitivity.png')
    expect(text).toContain('npm install @napi-rs/canvas')
  })

  test.prop([anySensitivity])('can be written of any study', (any) => {
    expect(markdownSensitivity(any, checkout)).not.toContain('undefined')
  })
})

test('in JSON the numbers are exact', () => {
  const { schema: _, ...read } = JSON.parse(jsonSensitivity(sensitivity))
  expect(read).toEqual(sensitivity)
})

test.prop([anySensitivity])('JSON gives back every sensitivity', (any) => {
  const { schema: _, ...read } = JSON.parse(jsonSensitivity(any))
  expect(jsonSensitivity(read)).toBe(jsonSensitivity(any))
})
