/** The most steps of one guess. The distance of two words takes as many steps as the product of their lengths. */
const mostSteps = 200_000

/**
 * Returns the candidate that a user probably meant by `word`: the one with the fewest different letters, if at most a third of the
 * letters differ. Returns the first of several that are equally near, and undefined when none is near enough or there are too many letters to compare.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const letters = candidates.reduce((sum, { length }) => sum + length, 0)
  if (word.length * letters > mostSteps) return undefined
  const typed = word.toLowerCase()
  let best: string | undefined
  let fewestSteps = Infinity
  for (const candidate of candidates) {
    const longer = Math.max(typed.length, candidate.length)
    const allowed = Math.max(1, Math.floor(longer / 3))
    // The distance is at least the difference of the lengths, so a word of a very different length is skipped.
    if (Math.abs(typed.length - candidate.length) > allowed) continue
    const steps = distance(typed, candidate.toLowerCase())
    if (steps > allowed || steps >= fewestSteps || steps >= longer) continue
    best = candidate
    fewestSteps = steps
  }
  return best
}

/** Returns the end of a message about an unknown word: a question with the nearest known word, or an empty text when none is near enough. */
export function didYouMean(word: string, known: readonly string[]): string {
  const guess = nearest(word, known)
  return guess === undefined ? '' : `; did you mean ${guess}?`
}

/**
 * Returns the restricted Damerau–Levenshtein distance: the smallest number of steps that change one word into the other. A step adds,
 * removes or changes a letter, or swaps two neighbouring letters. No letter is part of two steps.
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
