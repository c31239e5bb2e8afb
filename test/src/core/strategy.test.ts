import { expect, test } from 'vitest'
import { seeded } from '../../../src/core/random.ts'
import { type Inspection, type Strategy, stack } from '../../../src/core/strategy.ts'
import { systemClock } from '../../../src/core/system-clock.ts'

test('each layer of a stack can show a part of its state', () => {
  const counting = (part: string): Strategy => ({
    name: part,
    wrap: (next, { expose }) => {
      let sent = 0
      expose?.(part, () => ({ sent }))
      return (call) => {
        sent++
        return next(call)
      }
    },
  })
  const shown = new Map<string, () => Inspection>()
  const random = seeded(1)
  const none = () => Promise.reject(new Error('nothing is sent'))
  stack(counting('outer'), counting('inner')).wrap(none, {
    clock: systemClock,
    random,
    expose: (part, read) => shown.set(part, read),
  })
  expect([...shown].map(([part, read]) => [part, read()])).toEqual([
    ['inner', { sent: 0 }],
    ['outer', { sent: 0 }],
  ])
})
