import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Line } from '../../../../src/strategies/pacing/line.ts'
import { callOf } from '../rig.ts'

test('serves in the order of arrival', async () => {
  const line = new Line()
  const served: number[] = []
  const joined = [0, 1, 2].map((id) => line.join(callOf(id)).then(() => served.push(id)))
  expect(line.isEmpty).toBe(false)
  while (line.serve(0));
  await Promise.all(joined)
  expect(served).toEqual([0, 1, 2])
  expect(line.isEmpty).toBe(true)
  expect(line.serve(0)).toBe(false)
})

test('a call that is already aborted does not join', async () => {
  const line = new Line()
  const reason = new Error('gone')
  await expect(line.join(callOf(0, { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason)
  expect(line.isEmpty).toBe(true)
})

test('a call whose deadline has come is told so and takes no turn', async () => {
  const line = new Line()
  const turns = [10, 11, 20].map((deadline, id) => line.join(callOf(id, { deadline })))
  expect(line.serve(11)).toBe(true)
  expect(await Promise.all(turns)).toEqual([false, false, true])
})

test('lets go of the signal when it lets go of the call', async () => {
  const line = new Line()
  const listeners = new Set<unknown>()
  const signal = {
    aborted: false,
    reason: undefined,
    addEventListener: (_type: 'abort', listener: () => void) => listeners.add(listener),
    removeEventListener: (_type: 'abort', listener: () => void) => listeners.delete(listener),
  }
  const turn = line.join(callOf(0, { signal }))
  expect(listeners.size).toBe(1)
  line.serve(0)
  expect(await turn).toBe(true)
  expect(listeners.size).toBe(0)
})

test('behaves as a plain list does, under any mix of joining, leaving and serving', async () => {
  const step = fc.oneof(
    fc.constant({ join: true as const }),
    fc.record({ abort: fc.nat(30) }),
    fc.constant({ serve: true as const }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const line = new Line()
      const aborts: AbortController[] = []
      const outcomes: Promise<unknown>[] = []
      let model: number[] = []
      const expected: unknown[] = []
      for (const action of steps) {
        if ('join' in action) {
          const id = aborts.length
          const abort = new AbortController()
          aborts.push(abort)
          outcomes.push(line.join(callOf(id, { signal: abort.signal })).catch((reason: unknown) => reason))
          model.push(id)
        } else if ('abort' in action) {
          const id = action.abort
          aborts[id]?.abort(`left ${id}`)
          if (model.includes(id)) expected[id] = `left ${id}`
          model = model.filter((waiting) => waiting !== id)
        } else {
          const first = model.shift()
          expect(line.serve(0)).toBe(first !== undefined)
          if (first !== undefined) expected[first] = true
        }
        expect(line.isEmpty).toBe(model.length === 0)
      }
      while (line.serve(0)) expected[model.shift()!] = true
      expect(await Promise.all(outcomes)).toEqual(expected)
    }),
  )
})
