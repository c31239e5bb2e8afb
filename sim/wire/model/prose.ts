import { hash, type Random } from '../../../src/core/random.ts'

/** Short common words. Each of them, with the space before it, is one token in the usual vocabularies. */
const commonWords = (
  'the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one you were ' +
  'all her she there would their we him been has when who will no more if out so said what up its about into than them can only ' +
  'other new some could time these two may then do first any my now such like our over man me even most made after also did many ' +
  'before must through back years where much your way well down should because each just those people how too little state good'
).split(' ')

/** The number of words after which the text repeats. */
const wordsBeforeRepeat = 8192

/** Endless words, from which the answers of the simulated models are cut. A cut copies nothing. */
export interface Prose {
  /** Returns `count` words from a place on, separated by spaces. The place is a whole number >= 0. */
  cut(place: number, count: number): string
}

/** Prose whose words are drawn from `random`. */
export function prose(random: Random): Prose {
  const starts = new Uint32Array(wordsBeforeRepeat)
  let once = ''
  for (let i = 0; i < wordsBeforeRepeat; i++) {
    starts[i] = once.length
    once += ` ${commonWords[Math.floor(random.at(i) * commonWords.length)]}`
  }
  /** The text as often as the longest cut so far needs it. */
  let text = flat(once)

  /** The place of the space before the nth word. */
  function startOf(nth: number): number {
    return Math.floor(nth / wordsBeforeRepeat) * once.length + starts[nth % wordsBeforeRepeat]!
  }

  return {
    cut(place, count) {
      if (count === 0) return ''
      const from = place % wordsBeforeRepeat
      const end = startOf(from + count)
      while (text.length < end) text = flat(text + text)
      return text.slice(startOf(from) + 1, end)
    },
  }
}

/** A copy in one piece. Otherwise each cut would walk through the pieces of which a text is made. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

/** The most characters at the beginning and at the end of a text that its fingerprint depends on. */
const longestPrinted = 100_000

/**
 * The place in the prose that belongs to a text: a hash of 31 bits. Of a very long text only its beginning, its end and its length count,
 * since a hash of megabytes takes longer than everything else.
 */
export function fingerprint(text: string): number {
  if (text.length <= 2 * longestPrinted) return hash(text) >>> 1
  return hash(`${text.slice(0, longestPrinted)}${text.length}${text.slice(-longestPrinted)}`) >>> 1
}
