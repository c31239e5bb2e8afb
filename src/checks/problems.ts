/** The most problems that one message lists. A file of a megabyte can have tens of thousands. */
export const mostProblems = 20

/** Returns the first problems, and then how many more were found, as what a user is told. Of a long list not every item is checked. */
export function firstProblems(problems: readonly string[]): readonly string[] {
  const more = problems.length - mostProblems
  if (more <= 0) return problems
  return [...problems.slice(0, mostProblems), `and at least ${more.toLocaleString('en')} more`]
}

/** Returns the number of problems, as words. */
export function countOf({ length }: readonly string[]): string {
  if (length > mostProblems) return `more than ${mostProblems} problems`
  return length === 1 ? '1 problem' : `${length} problems`
}

/** The most known values that a sentence names. */
const mostNamed = 50

/** Names the known values, the first ones if there are many: `a, b, c`. */
export function namesIn(known: readonly unknown[]): string {
  const more = known.length - mostNamed
  const named = known.slice(0, mostNamed).join(', ')
  return more > 0 ? `${named} and ${more.toLocaleString('en')} more` : named
}
