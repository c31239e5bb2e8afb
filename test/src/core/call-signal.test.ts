import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { CallSignal } from '../../../src/core/call-signal.ts'
import type { Signal } from '../../../src/core/clock.ts'

const act = fc.tuple(fc.constantFrom('add' as const, 'remove' as const), fc.nat(4))

test.prop([fc.array(act, { maxLength: 30 })])(
  'calls the listeners that a real AbortSignal would call, in the same order',
  (acts) => {
    const listenersCalled = (signal: Signal, abort: () => void): number[] => {
      const called: number[] = []
      const listeners = Array.from({ length: 5 }, (_, i) => {
        const listener = () => called.push(i)
        return i % 2 === 0 ? listener : { handleEvent: listener }
      })
      for (const [what, i] of acts) {
        if (what === 'add') signal.addEventListener('abort', listeners[i]!)
        else signal.removeEventListener('abort', listeners[i]!)
      }
      abort()
      return called
    }
    const controller = new AbortController()
    const light = new CallSignal()
    expect(listenersCalled(light, () => light.abort('expired'))).toEqual(
      listenersCalled(controller.signal, () => controller.abort('expired')),
    )
    expect(light).toMatchObject({ aborted: true, reason: 'expired' })
  },
)

test('a listener that is added after the abort is not called', () => {
  const signal = new CallSignal()
  signal.abort('expired')
  const called: string[] = []
  signal.addEventListener('abort', () => called.push('late'))
  expect(called).toEqual([])
})
