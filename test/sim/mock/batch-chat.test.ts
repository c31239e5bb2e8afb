import { expect, test } from 'vitest'
import { door } from '../control/door.ts'
import { lab, read } from '../mock-rig.ts'
import { chatPath } from '../wire/protocols/protocol-rig.ts'

const path = `/batch${chatPath}`

test('Batch Chat has a path of its own, answers as the other does, and waits outside of the limits', async () => {
  const made = lab({ limits: { m: 'rpm:1' } })
  const answers = await made.clock.run(Promise.all([read(made, { path }), read(made, { path, stream: true })]))
  for (const { answer, end } of answers) {
    expect(answer).toMatchObject({ status: 200 })
    expect(end).not.toBe('broken')
  }
  // Two of such waits end within a minute in one of 3600 cases.
  expect(made.clock.now()).toBeGreaterThan(60_000)
  const entries = made.mock.journal.entries()
  expect(entries.map(({ verdict, protocol }) => [verdict, protocol])).toEqual([
    ['admitted', 'compat-chat'],
    ['admitted', 'compat-chat'],
  ])
  const [, state] = await door(made).ask('GET', 'state')
  expect(state.accounts[0]!.models[0]!.windows[0]).toMatchObject({ rule: 'rpm', used: 0 })
})

test('Batch Chat has no other path', async () => {
  const made = lab({})
  for (const other of ['/batch/compatible-mode/v1/embeddings', '/batch/', '/batch/apps/anthropic/v1/messages']) {
    const { answer } = await made.clock.run(read(made, { path: other }))
    expect(answer).toMatchObject({ status: 404 })
  }
})
