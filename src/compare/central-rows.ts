/** The most strategies that a central table shows. A reader remembers twelve, not thirty; an appendix has the others. */
export const mostCentral = 12

/**
 * Returns the rows that a central table shows, in their order, which is from the best to the worst: the best one, the solutions of the article,
 * and then the best of the others, `mostCentral` in all.
 */
export function centralRows<R extends { readonly solution?: number }>(rows: readonly R[]): readonly R[] {
  if (rows.length <= mostCentral) return rows
  const [best, ...others] = rows
  const solutions = others.filter(({ solution }) => solution !== undefined)
  const chosen = new Set([best, ...solutions, ...others].slice(0, mostCentral))
  // A set holds each row once, so that repeated ones leave room.
  for (const row of others) if (chosen.size < mostCentral) chosen.add(row)
  return rows.filter((row) => chosen.has(row))
}
