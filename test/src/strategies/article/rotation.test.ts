import { expect, test } from 'vitest'
import { throttleAlways } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleTarget, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { articleRotation } from '../../../../src/strategies/article/rotation.ts'

test('each call takes the next key, and a 429 is final', async () => {
  const lab = strategyRig({ strategy: articleRotation({ keys: ['a', 'b', 'c'] }), script: throttleAlways })
  const outcomes = await lab.run(callsAtOnce(5))
  expect(lab.attempts.map(({ call }) => call.target.key)).toEqual(['a', 'b', 'c', 'a', 'b'])
  expect(lab.attempts[0]!.call.target).toEqual({ ...exampleTarget, key: 'a' })
  expect(outcomes.every(({ reply }) => reply?.kind === 'throttled')).toBe(true)
})

test('is named after its options and checks them', () => {
  expect(articleRotation({ keys: ['secret', 'b'] }).name).toBe('articleRotation(2 keys)')
  expect(() => articleRotation({ keys: [] })).toThrow('Expected `keys` to be a list')
})
