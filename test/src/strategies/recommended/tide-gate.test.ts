import { describe, expect, test } from 'vitest'
import { okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { exampleCall } from '../../../../contracts/strategy-rig.ts'
import { seeded } from '../../../../src/core/random.ts'
import { TideGate } from '../../../../src/strategies/recommended/tide-gate.ts'

const call = exampleCall(0)
const limit = 40
const told = [{ rule: 'rps', limit, window: 1000 }] as const

/**
 * Sends as soon as the gate allows, and `every` so many milliseconds at most. `others`: how many requests of others are in the window of a
 * limit, which denies what exceeds it.
 */
function drive(gate: TideGate, from: number, until: number, every: number, others: (now: number) => number): void {
  const admitted: number[] = []
  for (let now = from; now < until; now += every) {
    now = Math.max(now, Math.ceil(gate.opensAt(call, now)))
    const end = gate.pass(call, now)
    const isDenied = admitted.filter((at) => at > now - 1000).length + others(now) >= limit
    if (!isDenied) admitted.push(now)
    end(isDenied ? throttledReply('requests') : okReply(), now + 50)
  }
}

const nobody = () => 0
/** Others who use another part of the limit in each second. */
const changing = (now: number) => (Math.floor(now / 1000) * 7919) % limit

describe('a gate that knows a limit', () => {
  test('keeps to it while its own sends explain every denial', () => {
    const gate = new TideGate(seeded(1), told)
    drive(gate, 0, 120_000, 1, nobody)
    expect(gate.inspect()).toMatchObject({ isSharing: false, unexplained: 0 })
  })

  test('shares when its own sends do not explain denials, and begins anew ten minutes later', () => {
    const gate = new TideGate(seeded(1), told)
    drive(gate, 0, 60_000, 10, changing)
    expect(gate.inspect()).toMatchObject({ isSharing: true })
    drive(gate, 60_000, 600_000, 200, nobody)
    expect(gate.inspect()).toMatchObject({ isSharing: true })
    drive(gate, 600_000, 700_000, 200, nobody)
    expect(gate.inspect()).toMatchObject({ isSharing: false, unexplained: 0 })
  })

  test('shares longer when it doubts again', () => {
    const gate = new TideGate(seeded(1), told)
    drive(gate, 0, 60_000, 10, changing)
    drive(gate, 60_000, 700_000, 200, nobody)
    drive(gate, 700_000, 760_000, 10, changing)
    drive(gate, 760_000, 1_800_000, 200, nobody)
    expect(gate.inspect()).toMatchObject({ isSharing: true })
  })
})
