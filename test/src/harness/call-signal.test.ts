import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import type { Signal } from '../../../src/core/clock.ts'
import { CallSignal } from '../../../src/harness/call-signal.ts'

const act = fc.tuple(fc.constantFrom('add' as const, 'remove' as const), fc.nat(4))

test.prop([fc.array(act, { maxLength: 30 })])('tells whom a real AbortSignal would tell, in its order', (acts) => {
  const heardFrom = (signal: Signal, abort: () => void): number[] => {
    const heard: number[] = []
    const listeners = Array.from({ length: 5 }, (_, i) => {
      const listener = () => heard.push(i)
      return i % 2 === 0 ? listener : { handleEvent: listener }
    })
    const present = new Set<number>()
    for (const [what, i] of acts) {
      // Nobody adds a listener that is there: whether it then counts twice is not ours to say.
      if (what === 'add' && !present.has(i)) signal.addEventListener('abort', listeners[i]!)
      if (what === 'remove') signal.removeEventListener('abort', listeners[i]!)
      if (what === 'add') present.add(i)
      else present.delete(i)
    }
    abort()
    return heard
  }
  const controller = new AbortController()
  const light = new CallSignal()
  expect(heardFrom(light, () => light.abort('expired'))).toEqual(
    heardFrom(controller.signal, () => controller.abort('expired')),
  )
  expect(light).toMatchObject({ aborted: true, reason: 'expired' })
})

test('who listens after the abort hears nothing', () => {
  const signal = new CallSignal()
  signal.abort('expired')
  const heard: string[] = []
  signal.addEventListener('abort', () => heard.push('late'))
  expect(heard).toEqual([])
})
