import { expect, test } from 'vitest'
import { roomsOf } from '../../../sim/provider/rooms.ts'
import { seeded } from '../../../src/core/random.ts'
import { switchesOf } from '../../../src/scenario/switches.ts'
import { type Lab, lab, read } from '../mock-rig.ts'

const limits = { m: 'soft-rpm:1' }

async function status(made: Lab): Promise<number> {
  const { answer } = await made.clock.run(read(made))
  return 'status' in answer ? answer.status : 0
}

test('a mock has the room that the laboratory has on the same seed, and again after a reset', async () => {
  const made = lab({ limits, seed: 7 })
  for (const seed of [7, 8]) {
    made.mock.reset(seed)
    const begun = made.clock.now()
    const room = roomsOf(seeded(seed).fork('world'), switchesOf())('m')
    await status(made)
    const replies = new Set<number>()
    let wasOpen = false
    for (let at = 1000; at < 600_000; at += 1000) {
      await made.clock.run(made.clock.sleep(begun + at - made.clock.now()))
      const answered = await status(made)
      replies.add(answered)
      // Without room there is one request a minute: that of the last minute is always one of these.
      const isOpen = room.isOpen(at)
      if (isOpen || wasOpen) expect([at, answered]).toEqual([at, isOpen ? 200 : 429])
      wasOpen = isOpen
    }
    expect([...replies].sort()).toEqual([200, 429])
  }
})

test('a limit becomes soft while the mock runs', async () => {
  const made = lab({ limits: { m: 'rpm:1' }, switches: { softRoom: 1 } })
  expect([await status(made), await status(made)]).toEqual([200, 429])
  made.mock.reconfigure({ limits })
  expect([await status(made), await status(made)]).toEqual([200, 200])
  made.mock.reconfigure({ switches: { softRoom: 0 } })
  expect([await status(made), await status(made)]).toEqual([200, 429])
})

test('the journal shows the limit that denied, and not a soft one of the same rule that has room', async () => {
  const made = lab({ limits: { m: 'soft-rpm:1,requests:2/2m' }, switches: { softRoom: 1 } })
  expect([await status(made), await status(made), await status(made)]).toEqual([200, 200, 429])
  const { denial } = made.mock.journal.entries().at(-1)!
  expect(denial!.level).toEqual({ unit: 'requests', limit: 2, window: 120_000, used: 2 })
})
