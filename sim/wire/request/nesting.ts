/** Whether a value nests deeper than so many levels: what is to be written back must not, for writing is recursive. */
export function nestsDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((each) => nestsDeeperThan(levels - 1, each))
}
