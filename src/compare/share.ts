import type { Millis } from '../core/clock.ts'
import type { Served } from '../optimum/optimum.ts'

/**
 * What one client reaches, as a share of another: (answered ÷ the other's) × min(1, the other's time to serve ÷ its own). The time to
 * serve is the last admission of an answered call plus the mean service time, because no client can change what follows an admission.
 */
export function shareOf(own: Served, other: Served, meanService: Millis): number {
  if (other.answered === 0) return 0
  const isSlower = own.lastAdmission > other.lastAdmission
  const speed = isSlower ? (other.lastAdmission + meanService) / (own.lastAdmission + meanService) : 1
  return (own.answered / other.answered) * speed
}
