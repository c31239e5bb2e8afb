import { afterEach, describe, expect, test } from 'vitest'
import { during, hostGuests, type Stay } from '../../../lab/guests/guest-time.ts'
import { lentTime } from '../../../sim/time/lent-time.ts'
import { virtualClock } from '../../../sim/time/virtual-clock.ts'
import { seeded } from '../../../src/core/random.ts'

const origin = 1.7e12
let release = () => {}
afterEach(() => release())

function stayAt(clock = virtualClock(), seed = 1): Stay {
  return { time: lentTime(clock, origin), random: seeded(seed) }
}

/** What the platform has of time and chance, as anyone finds it. */
function platform() {
  const of = (owner: object, names: readonly string[]) =>
    names.map((name) => Object.getOwnPropertyDescriptor(owner, name))
  return [
    ...of(globalThis, ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate']),
    ...of(globalThis, ['Date']),
    ...of(performance, ['now', 'timeOrigin']),
    ...of(AbortSignal, ['timeout']),
    ...of(Math, ['random']),
  ]
}

describe('guests are hosted', () => {
  test('for as long as one host is there, and then nothing is left of it', () => {
    const before = platform()
    const first = hostGuests()
    const second = hostGuests()
    expect(platform()).not.toEqual(before)
    first()
    first()
    expect(platform()).not.toEqual(before)
    second()
    expect(platform()).toEqual(before)
  })

  test('while others keep the real time and real chance', async () => {
    const real = Date.now()
    release = hostGuests()
    expect(Date.now()).toBeGreaterThanOrEqual(real)
    expect(new Date(Date.now()).getFullYear()).toBe(new Date().getFullYear())
    expect(Date.now()).toBeLessThan(real + 3_600_000)
    expect(performance.timeOrigin + performance.now()).toBeGreaterThanOrEqual(real - 1)
    const rung: string[] = []
    const { promise, resolve } = Promise.withResolvers<void>()
    setImmediate(() => rung.push('immediate'))
    clearImmediate(setImmediate(() => rung.push('never')))
    clearTimeout(setTimeout(() => rung.push('never'), 1))
    const interval = setInterval(() => {
      rung.push('interval')
      clearInterval(interval)
      resolve()
    }, 1)
    await promise
    expect(rung.toSorted()).toEqual(['immediate', 'interval'])
    expect(AbortSignal.timeout(1e6).aborted).toBe(false)
  })

  test('in the time of their clock, with a date that looks like one', async () => {
    const clock = virtualClock()
    release = hostGuests()
    const seen: unknown[] = []
    const note = (...what: unknown[]) =>
      seen.push([clock.now(), Date.now() - origin, performance.now(), performance.timeOrigin, ...what])
    const guest = during(stayAt(clock), async () => {
      note(new Date().toISOString(), Date().slice(0, 15), new Date(5).getTime())
      await new Promise((resolve) => setTimeout(resolve, 250))
      note()
      let rings = 0
      await new Promise<void>((resolve) => {
        const interval = setInterval(() => {
          note('ring')
          if (++rings < 3) return
          clearInterval(interval)
          resolve()
        }, 100)
      })
      await new Promise((resolve) => setImmediate(resolve, 'immediate'))
      note()
      const signal = AbortSignal.timeout(1000)
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      note(signal.reason.name)
    })
    await clock.run(guest)
    expect(seen).toEqual([
      [0, 0, 0, origin, '2023-11-14T22:13:20.000Z', 'Tue Nov 14 2023', 5],
      [250, 250, 250, origin],
      [350, 350, 350, origin, 'ring'],
      [450, 450, 450, origin, 'ring'],
      [550, 550, 550, origin, 'ring'],
      [550, 550, 550, origin],
      [1550, 1550, 1550, origin, 'TimeoutError'],
    ])
  })

  test('with the chance of their own run, also when two run at the same time', async () => {
    const draws = async (seed: number, clock = virtualClock()) => {
      const drawn: number[] = []
      await clock.run(
        during(stayAt(clock, seed), async () => {
          for (let i = 0; i < 5; i++) {
            drawn.push(Math.random())
            await new Promise((resolve) => setTimeout(resolve, 10))
          }
        }),
      )
      return drawn
    }
    release = hostGuests()
    const expected = [1, 2].map((seed) => {
      const random = seeded(seed)
      return Array.from({ length: 5 }, () => random.next())
    })
    const clock = virtualClock()
    expect(await Promise.all([draws(1, clock), draws(2, clock)])).toEqual(expected)
  })

  test('until their timers are cleared, by whomever', async () => {
    const clock = virtualClock()
    release = hostGuests()
    const stay = stayAt(clock)
    const rung: string[] = []
    const [kept, cleared] = during(stay, () => [
      setTimeout(() => rung.push('kept'), 10),
      setTimeout(() => rung.push('cleared'), 10),
    ])
    clearTimeout(cleared)
    clearTimeout(undefined)
    await clock.run(clock.sleep(20))
    expect(rung).toEqual(['kept'])
    kept?.refresh()
    stay.time.close()
    await clock.run(clock.sleep(20))
    expect(rung).toEqual(['kept'])
  })
})
