import type { Call } from '../../core/call.ts'
import type { Millis } from '../../core/clock.ts'
import type { SendGate } from './gate.ts'
import type { Meter } from './meter.ts'
import { TokenReservation } from './token-reservation.ts'

/** Lets a call through when all meters do: each request costs 1, and its tokens are reserved until the reply tells how many it used. */
export function meteredGate(requests: readonly Meter[], tokens: readonly Meter[] = []): SendGate {
  const reservation = new TokenReservation()

  function opensAt(call: Call, now: Millis): Millis {
    const reserved = reservation.of(call)
    let at = -Infinity
    for (const meter of requests) at = Math.max(at, meter.opensAt(1, now))
    for (const meter of tokens) at = Math.max(at, meter.opensAt(reserved, now))
    return at
  }

  return {
    opensAt,
    pass(call, now) {
      const reserved = reservation.of(call)
      for (const meter of requests) meter.count(1, now)
      const corrections = tokens.map((meter) => meter.count(reserved, now))
      return (reply, later) => {
        const used = reservation.used(reply, reserved)
        for (const correct of corrections) correct(used, later)
      }
    },
  }
}
