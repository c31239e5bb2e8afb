import { expect, test } from 'vitest'
import { outbox } from '../../../../sim/skins/http/http-exchange.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('replies that are posted in one turn of the event loop leave at its end, in order; replies that are posted then leave in the next turn', async () => {
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
