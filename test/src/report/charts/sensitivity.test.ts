import { test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { sensitivityPicture } from '../../../../src/report/charts/png.ts'
import { sensitivityChart } from '../../../../src/report/charts/sensitivity.ts'
import { anySensitivity } from '../../../golden/any-sensitivity.ts'
import { measure } from '../../../golden/measure.ts'
import { sensitivity } from '../../../golden/sensitivity.ts'

const barsOf = (own: typeof sensitivity) => {
  const { labels = [], datasets } = sensitivityChart(own, measure).configuration.data
  return labels.map((label, i) => [label, datasets[0]!.data[i], datasets[1]!.data[i]])
}
const countIn = (own: typeof sensitivity, outcome: string) =>
  own.alternatives.flatMap(({ changes }) => changes).filter((each) => each.outcome === outcome).length

describe('the chart of a sensitivity', () => {
  test('has a bar for each alternative and case with a change, those that flip most first', () => {
    expect(barsOf(sensitivity)).toEqual([
      ['rejectsCount=true · all-at-once', 4, 0],
      ['rejectsCount=true · within-the-minute', 4, 0],
      ['window=fixed · all-at-once', 0, 3],
    ])
    const { subtitle } = sensitivityChart(sensitivity, measure).configuration.options!.plugins!
    expect(subtitle!.text).toEqual([expect.stringContaining('6 seeds'), '3 of 5 values change nothing'])
  })

  test('has at most 40 bars, and says how many are left out', () => {
    const [, rejects] = sensitivity.alternatives
    const many = { ...sensitivity, alternatives: new Array(25).fill(rejects) }
    expect(barsOf(many)).toHaveLength(40)
    expect(String(sensitivityChart(many, measure).configuration.options!.plugins!.subtitle!.text)).toContain(
      '10 more bars of values that flip less',
    )
  })

  test.prop([anySensitivity])('has every change once', (any) => {
    const sum = (column: 1 | 2) => barsOf(any).reduce((total, bar) => total + Number(bar[column]), 0)
    expect([sum(1), sum(2)]).toEqual([countIn(any, 'flips'), countIn(any, 'weakens')])
  })

  test('is drawn as a PNG', async () => {
    expect([...(await sensitivityPicture(sensitivity)).slice(1, 4)]).toEqual([0x50, 0x4e, 0x47])
  })
})
