import { expect, test } from 'vitest'
import { crowd, rig, target, throttleAlways } from '../../../../contracts/strategy-rig.ts'
import { articleRotation } from '../../../../src/strategies/article/rotation.ts'

test('each call takes the next key, and a 429 is final', async () => {
  const lab = rig({ strategy: articleRotation({ keys: ['a', 'b', 'c'] }), script: throttleAlways })
  const outcomes = await lab.run(crowd(5))
  expect(lab.attempts.map((attempt) => attempt.target.key)).toEqual(['a', 'b', 'c', 'a', 'b'])
  expect(lab.attempts[0]!.target).toEqual({ ...target, key: 'a' })
  expect(outcomes.every(({ reply }) => reply?.kind === 'throttled')).toBe(true)
})

test('is named after its options and checks them', () => {
  expect(articleRotation({ keys: ['secret', 'b'] }).name).toBe('articleRotation(2 keys)')
  expect(() => articleRotation({ keys: [] })).toThrow('Expected `keys` to be a list')
})
