import { expect, test } from 'vitest'
import { settled } from '../../lab/settled.ts'

const never = new Error('never')

test('what settles is passed on, either way', async () => {
  expect(await settled(Promise.resolve(7), never)).toBe(7)
  await expect(settled(Promise.reject(new Error('no')), never)).rejects.toThrow('no')
  expect(process.listeners('beforeExit').filter(({ name }) => name === 'giveUp')).toEqual([])
})

test('what does not settle is given up after the limit', async () => {
  await expect(settled(new Promise(() => {}), never, 20)).rejects.toBe(never)
})

test('what does not settle is given up when the process would end', async () => {
  const loading = settled(new Promise(() => {}), never)
  process.emit('beforeExit', 0)
  await expect(loading).rejects.toBe(never)
})
