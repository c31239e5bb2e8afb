import type { PooledLimit } from '../../../src/optimum/quota.ts'
import type { Switches } from '../../../src/scenario/switches.ts'

/** An instance that is small enough for every schedule to be tried. */
export interface Instance {
  readonly calls: readonly SmallCall[]
  readonly limits: readonly PooledLimit[]
  readonly window: Switches['window']
  readonly patience: number
  readonly horizon: number
}

export interface SmallCall {
  readonly arrival: number
  readonly service: number
  /** The tokens that are charged at admission. */
  readonly tokens: number
  /** The tokens that are charged when the service time is over, whatever the limits. Default: 0. */
  readonly later?: number
}

export interface Best {
  readonly answered: number
  /** The least makespan of the schedules that answer that many calls. */
  readonly makespan: number
  /** The earliest last admission of the schedules that answer that many calls. */
  readonly lastAdmission: number
  /** For each k, the earliest instant of the k-th admission in any schedule. */
  readonly earliest: readonly number[]
}

/** Tries every assignment of admission instants (or none) to calls that keeps the limits, one instant and one subset of calls at a time. */
export function bruteForce({ calls, limits, window, patience, horizon }: Instance): Best {
  const deadline = (call: SmallCall) => Math.min(call.arrival + patience, horizon)
  const admittedAt: number[] = calls.map(() => Infinity)
  const last = Math.max(0, ...calls.map((call) => deadline(call) - call.service))
  let answered = 0
  let makespan = 0
  let lastAdmission = 0
  const earliest: number[] = calls.map(() => Infinity)
  step(0)
  return { answered, makespan, lastAdmission, earliest: earliest.slice(0, answered) }

  function step(now: number): void {
    const pending = calls.flatMap((call, i) =>
      admittedAt[i] === Infinity && now + call.service <= deadline(call) ? [i] : [],
    )
    if (now > last || pending.length === 0) return compareWithBest()
    const arrived = pending.filter((i) => calls[i]!.arrival <= now)
    for (let subset = 0; subset < 1 << arrived.length; subset++) {
      const chosen = arrived.filter((_, bit) => (subset >> bit) & 1)
      for (const i of chosen) admittedAt[i] = now
      if (chosen.length === 0 || limits.every((limit) => keeps(limit, now))) step(now + 1)
      for (const i of chosen) admittedAt[i] = Infinity
    }
  }

  function keeps({ unit, window: length, phases }: PooledLimit, now: number): boolean {
    const limitAt = (at: number) => phases.findLast(({ from }) => from <= at)!.limit
    const limit = limitAt(now)
    const amount = (from: number, to: number) =>
      calls.reduce((sum, { tokens, later = 0, service }, i) => {
        const isInside = admittedAt[i]! >= from && admittedAt[i]! <= to
        if (unit === 'requests') return sum + (isInside ? 1 : 0)
        // What is charged at the instant of an admission may be charged after it.
        const ended = admittedAt[i]! + service
        return sum + (isInside ? tokens : 0) + (ended >= from && ended < to ? later : 0)
      }, 0)
    if (window === 'sliding') return amount(now - length + 1, now) <= limit
    if (window === 'fixed') return amount(Math.floor(now / length) * length, now) <= limit
    if (window === 'anchored') {
      let start = -Infinity
      // What is charged at an earlier instant has been charged there in full.
      for (let at = 0; at <= now; at++) if (at >= start + length && amount(at, at < now ? at + 0.5 : at) > 0) start = at
      return now >= start + length || amount(start, now) <= limit
    }
    // The bucket is full at 0, and never more than full. So any interval that ends now has taken at most a full bucket and the refill.
    let refill = 0
    for (let from = now; from >= 0; from--) {
      if (from < now) refill += limitAt(from)
      if (amount(from, now) * length > limit * length + refill) return false
    }
    return true
  }

  function compareWithBest(): void {
    const times = admittedAt.filter((at) => at < Infinity).sort((a, b) => a - b)
    times.forEach((at, k) => {
      earliest[k] = Math.min(earliest[k]!, at)
    })
    const end = calls.reduce((latest, { service }, i) => {
      return admittedAt[i]! < Infinity ? Math.max(latest, admittedAt[i]! + service) : latest
    }, 0)
    const isMore = times.length > answered
    const isAsMany = times.length === answered
    if (isMore || (isAsMany && end < makespan)) makespan = end
    const latest = times.at(-1) ?? 0
    if (isMore || (isAsMany && latest < lastAdmission)) lastAdmission = latest
    answered = Math.max(answered, times.length)
  }
}
