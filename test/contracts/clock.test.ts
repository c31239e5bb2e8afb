import { expect, test } from 'vitest'
import { type ClockRig, clockLaws } from '../../contracts/clock.ts'
import { virtualClock } from '../../sim/time/virtual-clock.ts'
import type { Clock } from '../../src/core/clock.ts'

// For each law there is a clock with a fault that only this law is meant to find.

/** Returns a rig with a virtual clock, some of whose methods are replaced. */
function clockThat(change: (right: Clock) => Partial<Clock>): () => ClockRig {
  return () => {
    const right = virtualClock()
    return { clock: { now: right.now, sleep: right.sleep, ...change(right) }, run: right.run }
  }
}

const faulty: readonly (readonly [law: string, fault: string, make: () => ClockRig])[] = [
  [
    'time never goes back, and a sleep never ends early',
    'ends a sleep a millisecond early',
    clockThat(({ sleep }) => ({ sleep: (ms, signal) => sleep(ms - 1, signal) })),
  ],
  [
    'time never goes back, and a sleep never ends early',
    'is set back from time to time',
    clockThat(({ now }) => ({ now: () => now() - (now() % 3) * 2 })),
  ],
  [
    'waits of 0 ms or less end at the present instant, after the caller’s own code and in the order in which they began',
    'returns a resolved promise for a wait of 0 ms',
    clockThat(({ sleep }) => ({ sleep: (ms, signal) => (ms === 0 ? Promise.resolve() : sleep(ms, signal)) })),
  ],
  [
    'an abort ends a sleep at once with the reason of the signal',
    'rejects with another error',
    clockThat(({ sleep }) => ({
      sleep: (ms, signal) =>
        sleep(ms, signal).catch(() => {
          throw new Error('aborted')
        }),
    })),
  ],
  [
    'an abort ends a sleep at once with the reason of the signal',
    'ignores an abort',
    clockThat(({ sleep }) => ({ sleep: (ms) => sleep(ms) })),
  ],
  [
    'an abort ends every sleep that has the signal, and no other sleep',
    'ignores an abort',
    clockThat(({ sleep }) => ({ sleep: (ms) => sleep(ms) })),
  ],
  [
    'a sleep with a signal that has already aborted rejects at once',
    'listens to a signal that has already aborted',
    clockThat(({ sleep }) => ({
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason))
          sleep(ms).then(resolve)
        }),
    })),
  ],
  [
    'a sleep that has ended has removed its listener, and a later abort has no effect',
    'does not remove its listener',
    clockThat(({ sleep }) => ({
      sleep: (ms, signal) => {
        signal?.addEventListener('abort', () => {})
        return sleep(ms)
      },
    })),
  ],
  [
    'a sleep that was aborted has removed its listener',
    'does not remove its listener',
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
