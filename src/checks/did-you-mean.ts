/**
 * The candidate that was probably meant by `word`: the one with the fewest differing letters, if at most a third differ.
 * Of several that are equally near, the first is returned.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const typed = word.toLowerCase()
  let best: string | undefined
  let least = Infinity
  for (const candidate of candidates) {
    const longer = Math.max(typed.length, candidate.length)
    const allowed = Math.max(1, Math.floor(longer / 3))
    // Each letter more or less is one step at least, so words of a very different length need no look.
    if (Math.abs(typed.length - candidate.length) > allowed) continue
    const steps = distance(typed, candidate.toLowerCase())
    if (steps > allowed || steps >= least || steps >= longer) continue
    best = candidate
    least = steps
  }
  return best
}

/** The end of a message about an unknown word: a question that names the candidate that was probably meant. Empty if there is none. */
export function didYouMean(word: string, known: readonly string[]): string {
  const guess = nearest(word, known)
  return guess === undefined ? '' : `; did you mean ${guess}?`
}

/**
 * The restricted Damerau–Levenshtein distance: the number of letters that were added, left out, changed, or swapped with their
 * neighbour. No letter takes part in two of these steps.
 */
function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}
