import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { expect } from 'vitest'
import { ReplyRate } from '../../../../src/strategies/adaptive/reply-rate.ts'

property.prop([fc.nat(2000), fc.array(fc.nat(900), { minLength: 1, maxLength: 60 })])(
  'is the moving mean over the half seconds in which replies came',
  (start, gaps) => {
    const rate = new ReplyRate(start)
    let now = start
    const instants = gaps.map((gap) => (now += gap))
    const shown = instants.map((at) => rate.count(at))
    // The long way round: the half second of each reply by number; a new one closes all before it, itself included in the count.
    const halves = [Math.floor(start / 500), ...instants.map((at) => Math.floor(at / 500))]
    let mean = 0
    let opened = 0
    for (let i = 1; i < halves.length; i++) {
      if (halves[i]! > halves[i - 1]!) {
        mean = 0.8 * ((i - opened) / ((halves[i]! - halves[opened]!) / 2)) + 0.2 * mean
        opened = i
      }
      expect(shown[i - 1]).toBeCloseTo(mean, 6)
    }
  },
)
