import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { LinkedList } from '../../../../src/strategies/pacing/linked-list.ts'

test.prop([fc.array(fc.option(fc.nat(20), { nil: 'add' }), { maxLength: 80 })])(
  'behaves as a plain list does',
  (steps) => {
    const list = new LinkedList<number>()
    const leaves: (() => void)[] = []
    let model: number[] = []
    for (const step of steps) {
      if (step === 'add') {
        model.push(leaves.length)
        leaves.push(list.add(leaves.length))
      } else if (model.includes(step as number)) {
        leaves[step as number]!()
        model = model.filter((each) => each !== step)
      }
      expect([list.first, list.last]).toEqual([model[0], model.at(-1)])
    }
  },
)
