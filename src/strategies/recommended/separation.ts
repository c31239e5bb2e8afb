import { maximum, minimum } from '../../core/extremes.ts'

/**
 * How well a boundary can tell the sums of denied attempts from those of admitted ones, from 0 to 1: the share of denials from it on less
 * the share of admissions from it on, for the boundary at which that is greatest (Youden’s index, Cancer 1950). It is 1 if all denials lie above all
 * admissions. Neither list is empty.
 */
export function separation(admitted: readonly number[], denied: readonly number[]): number {
  return maximum(denied.map((boundary) => shareFrom(boundary, denied) - shareFrom(boundary, admitted)))
}

/** The greatest sum that was admitted below the boundary that has the fewest sums on its wrong side; 1 if none was. */
export function greatestAdmitted(admitted: readonly number[], denied: readonly number[]): number {
  const wrongs = denied.map((boundary) => countFrom(boundary, admitted) + denied.length - countFrom(boundary, denied))
  const boundary = denied[wrongs.indexOf(minimum(wrongs))]!
  return maximum(
    admitted.filter((sum) => sum < boundary),
    1,
  )
}

function shareFrom(boundary: number, sums: readonly number[]): number {
  return countFrom(boundary, sums) / sums.length
}

function countFrom(boundary: number, sums: readonly number[]): number {
  return sums.reduce((count, sum) => (sum >= boundary ? count + 1 : count), 0)
}
