/** The candidate that was probably meant, for a "did you mean": at most a third of its letters differ. The first of equals. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const typed = word.toLowerCase()
  let best: string | undefined
  let least = Infinity
  for (const candidate of candidates) {
    const longer = Math.max(typed.length, candidate.length)
    const allowed = Math.max(1, Math.floor(longer / 3))
    // One letter more or less is one step at least: no need to look at words of quite another length.
    if (Math.abs(typed.length - candidate.length) > allowed) continue
    const steps = distance(typed, candidate.toLowerCase())
    if (steps > allowed || steps >= least || steps >= longer) continue
    best = candidate
    least = steps
  }
  return best
}

/** How a message about an unknown word ends: with the one that was probably meant, if any. */
export function didYouMean(word: string, known: readonly string[]): string {
  const guess = nearest(word, known)
  return guess === undefined ? '' : `; did you mean ${guess}?`
}

/** Damerau–Levenshtein, restricted: letters added, left out, changed, or swapped with their neighbour, none of them twice. */
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
