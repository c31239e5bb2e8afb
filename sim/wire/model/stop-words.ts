/** Texts before which an answer ends. */
export interface StopWordSearch {
  /** Returns the word that is complete first in a text, the longest if several are complete at once, and the place of its end. */
  firstIn(text: string): { readonly word: string; readonly end: number } | undefined
}

/** A place in the tree of words: the letters from its root to here begin one or more of them. */
interface Place {
  readonly next: Map<string, Place>
  /** The place of the longest other beginning of a word with which the letters up to here end. Undefined only at the root. */
  fallback: Place | undefined
  /** The longest word with which the letters up to here end. */
  word: string | undefined
}

/**
 * Prepares the search for all words at once, by the algorithm of Aho and Corasick. It takes one step for each character of the words and two for
 * each of the text, however many words there are and whatever they have in common with the text.
 */
export function stopWordSearch(words: readonly string[]): StopWordSearch {
  const root: Place = { next: new Map(), fallback: undefined, word: undefined }
  for (const word of words) if (word !== '') placeOf(root, word).word = word
  linkFallbacks(root)
  return {
    firstIn(text) {
      let place = root
      for (let at = 0; at < text.length; at++) {
        place = after(root, place, text[at]!)
        if (place.word !== undefined) return { word: place.word, end: at + 1 }
      }
      return undefined
    },
  }
}

/** The place at the end of a word, which is added to the tree. */
function placeOf(root: Place, word: string): Place {
  let place = root
  for (let at = 0; at < word.length; at++) {
    const known = place.next.get(word[at]!)
    const next: Place = known ?? { next: new Map(), fallback: undefined, word: undefined }
    if (!known) place.next.set(word[at]!, next)
    place = next
  }
  return place
}

/** Sets the fallbacks of all places, those near the root first, since those farther away follow from them. */
function linkFallbacks(root: Place): void {
  const places = [root]
  for (const place of places)
    for (const [letter, next] of place.next) {
      next.fallback = place === root ? root : after(root, place.fallback!, letter)
      next.word ??= next.fallback.word
      places.push(next)
    }
}

/** The place that follows a place with this letter: that of the longest beginning of a word that the text now ends with. */
function after(root: Place, from: Place, letter: string): Place {
  let place: Place | undefined = from
  while (place !== undefined && !place.next.has(letter)) place = place.fallback
  return place?.next.get(letter) ?? root
}
