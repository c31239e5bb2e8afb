import { slo } from '../../compare/summary.ts'
import type { Sweep } from '../../compare/sweeps.ts'
import { duration } from '../figures/figures.ts'

/** The heading of the curves of a sweep, which says what its figures are. */
export function sweepTitle({ of }: Sweep): string {
  return `Goodput over offered load, ${of}: calls a minute answered within ${duration(slo)}`
}
