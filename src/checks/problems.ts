/** The most problems that one message lists. A file of a megabyte can have tens of thousands. */
export const mostProblems = 20

/** Returns the first problems, and then how many more there are, as what a user is told. */
export function firstProblems(problems: readonly string[]): readonly string[] {
  const more = problems.length - mostProblems
  if (more <= 0) return problems
  return [...problems.slice(0, mostProblems), `and ${more.toLocaleString('en')} more`]
}

/** The most known values that a sentence names. */
const mostNamed = 50

/** Names the known values, the first ones if there are many: `a, b, c`. */
export function namesIn(known: readonly unknown[]): string {
  const more = known.length - mostNamed
  const named = known.slice(0, mostNamed).join(', ')
  return more > 0 ? `${named} and ${more.toLocaleString('en')} more` : named
}
