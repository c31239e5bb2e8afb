import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { dealt } from '../../../../sim/wire/model/choices.ts'
import { simulatedModel } from '../../../../sim/wire/model/model.ts'
import { estimatedTokens } from '../../../../sim/wire/model/tokens.ts'
import { wireSwitchesOf } from '../../../../sim/wire/wire-switches.ts'
import { seeded } from '../../../../src/core/random.ts'

/** Deals one token after another, each to the next answer that is not complete. */
function dealtOneByOne(tokens: number, lengths: readonly number[]): number[] {
  const shares = lengths.map(() => 0)
  let turn = 0
  for (
    let left = tokens;
    left > 0 && shares.some((share, i) => share < lengths[i]!);
    turn = (turn + 1) % lengths.length
  )
    if (shares[turn]! < lengths[turn]!) {
      shares[turn]!++
      left--
    }
  return shares
}

const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 })

describe('tokens dealt to several answers', () => {
  property.prop([lengths, fc.nat(200)])('are the same as when dealt one by one', (each, tokens) => {
    expect(dealt(tokens, each)).toEqual(dealtOneByOne(tokens, each))
  })

  property.prop([lengths, fc.nat(200), fc.nat(50)])('never decrease for an answer', (each, tokens, more) => {
    const before = dealt(tokens, each)
    for (const [i, share] of dealt(tokens + more, each).entries()) expect(share).toBeGreaterThanOrEqual(before[i]!)
  })
})

describe('several answers to one prompt', () => {
  const outputOf = simulatedModel(wireSwitchesOf({ answerSpread: 1 }), estimatedTokens, seeded(1))
  const asked = { model: 'qwen-plus', isStream: true, choices: 3, thinks: true, maxTokens: 400 }

  property.prop([fc.array(fc.nat(1500), { minLength: 1, maxLength: 12 })])(
    'have the same texts for any division into pieces',
    (cuts) => {
      const output = outputOf(asked, 'a')
      const ends = [...cuts.filter((cut) => cut < output.wanted).toSorted((a, b) => a - b), output.wanted]
      const said = ['', '', '']
      let from = 0
      for (const to of ends) {
        const delta = output.delta(from, to)
        for (const [i, { reasoning, text }] of [delta, ...delta.others!].entries()) said[i] += reasoning + text
        from = to
      }
      const whole = output.completion('id', 0, output.wanted)
      expect(said).toEqual([whole, ...whole.others!].map(({ reasoning, text }) => reasoning + text))
    },
  )

  test('begin with the answer that a single choice would be', () => {
    const alone = outputOf({ ...asked, choices: 1 }, 'a')
    const among = outputOf(asked, 'a')
    const whole = among.completion('id', 0, among.wanted)
    expect(whole.text).toBe(alone.completion('id', 0, Math.min(400, alone.wanted)).text)
    expect(whole.usage.outputTokens).toBe(among.wanted)
  })
})
