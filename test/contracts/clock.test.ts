import { expect, test } from 'vitest'
import { type ClockRig, clockLaws } from '../../contracts/clock.ts'
import { virtualClock } from '../../sim/time/virtual-clock.ts'
import type { Clock } from '../../src/core/clock.ts'

// Each law is broken by a clock that has just the fault which the law is there to find.

/** A virtual clock with other methods in the place of some. */
function clockThat(change: (right: Clock) => Partial<Clock>): () => ClockRig {
  return () => {
    const right = virtualClock()
    return { clock: { now: right.now, sleep: right.sleep, ...change(right) }, run: right.run }
  }
}

const faulty: readonly (readonly [law: string, fault: string, make: () => ClockRig])[] = [
  [
    'time never goes back, and a sleep never ends early',
    'rings a millisecond early',
    clockThat(({ sleep }) => ({ sleep: (ms, signal) => sleep(ms - 1, signal) })),
  ],
  [
    'time never goes back, and a sleep never ends early',
    'is set back now and then',
    clockThat(({ now }) => ({ now: () => now() - (now() % 3) * 2 })),
  ],
  [
    'waits of nothing and less end at this instant in the order they began, after what is already due',
    'resolves a wait of nothing at once',
    clockThat(({ sleep }) => ({ sleep: (ms, signal) => (ms === 0 ? Promise.resolve() : sleep(ms, signal)) })),
  ],
  [
    'an abort ends the sleep at once with the reason of the signal',
    'rejects with an error of its own',
    clockThat(({ sleep }) => ({
      sleep: (ms, signal) =>
        sleep(ms, signal).catch(() => {
          throw new Error('aborted')
        }),
    })),
  ],
  [
    'an abort ends the sleep at once with the reason of the signal',
    'sleeps through an abort',
    clockThat(({ sleep }) => ({ sleep: (ms) => sleep(ms) })),
  ],
  [
    'one abort ends every sleep that listens, and no other',
    'sleeps through an abort',
    clockThat(({ sleep }) => ({ sleep: (ms) => sleep(ms) })),
  ],
  [
    'a signal that has already aborted ends the sleep before it begins',
    'listens to a signal that will say nothing more',
    clockThat(({ sleep }) => ({
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason))
          sleep(ms).then(resolve)
        }),
    })),
  ],
  [
    'nobody listens once the sleep has ended, and an abort then changes nothing',
    'leaves its listener behind',
    clockThat(({ sleep }) => ({
      sleep: (ms, signal) => {
        signal?.addEventListener('abort', () => {})
        return sleep(ms)
      },
    })),
  ],
  [
    'nobody listens after an abort',
    'leaves its listener behind',
    clockThat(({ sleep }) => ({
      sleep: (ms, signal) => {
        signal?.addEventListener('abort', () => {})
        return sleep(ms, signal)
      },
    })),
  ],
]

test.each(faulty)('"%s" is broken by a clock that %s', async (law, _fault, make) => {
  await expect((async () => clockLaws[law]!(make))()).rejects.toThrow()
})

test.each(Object.keys(clockLaws))('"%s" has a clock that breaks it', (law) => {
  expect(faulty.map(([broken]) => broken)).toContain(law)
})
