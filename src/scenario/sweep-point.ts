/** A point of a sweep: the load of a case, as a multiple of the load of another case. */
export interface SweepPoint {
  /** The name of the other case. */
  readonly of: string
  /** The multiple: > 0. */
  readonly load: number
}

/** The greatest load of a sweep. */
export const greatestLoad = 100

/** Returns the load as a percentage, such as `20 %` or `12.5 %`. */
export function loadText(load: number): string {
  return `${Number((100 * load).toFixed(1))} %`
}
