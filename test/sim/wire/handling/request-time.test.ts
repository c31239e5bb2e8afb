import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test, vi } from 'vitest'
import { virtualClock } from '../../../../sim/time/virtual-clock.ts'
import { RequestTime } from '../../../../sim/wire/handling/request-time.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

test('timers run as steps, in their order, and set further timers', async () => {
  const clock = virtualClock()
  const steps: number[] = []
  const time = new RequestTime(clock, (task) => {
    steps.push(clock.now())
    task.run()
  })
  const again = () => time.after(5, () => {})
  time.after(10, again)
  time.after(10, () => {})
  await clock.run(clock.sleep(100))
  expect(steps).toEqual([10, 10, 15])
})

test('timers of a request that has ended do nothing, and hold nothing of it', async () => {
  const clock = virtualClock()
  const ran = vi.fn()
  const heldBy = (time: RequestTime) => {
    const task = { prompt: 'x'.repeat(1000), run: ran }
    time.after(1000, task)
    return new WeakRef(task)
  }
  const time = new RequestTime(clock, (task) => task.run())
  const task = heldBy(time)
  await new Promise(setImmediate)
  collectGarbage()
  expect(task.deref()).toBeDefined()
  time.end()
  await new Promise(setImmediate)
  collectGarbage()
  expect(task.deref()).toBeUndefined()
  await clock.run(clock.sleep(2000))
  expect(ran).not.toHaveBeenCalled()
})
