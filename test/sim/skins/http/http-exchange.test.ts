import { expect, test } from 'vitest'
import { outbox } from '../../../../sim/skins/http/http-exchange.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('what is posted in one turn leaves at its end, in order; what is posted meanwhile leaves in the next', async () => {
  const left: string[] = []
  const post = outbox()
  post(() => {
    left.push('first')
    post(() => left.push('later'))
  })
  await Promise.resolve()
  post(() => left.push('second'))
  expect(left).toEqual([])
  await turn()
  expect(left).toEqual(['first', 'second'])
  await turn()
  expect(left).toEqual(['first', 'second', 'later'])
})
