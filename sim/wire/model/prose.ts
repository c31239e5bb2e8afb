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
  const starts = new Uint32Array(2 * wordsBeforeRepeat + 1)
  let text = ''
  for (let i = 0; i < 2 * wordsBeforeRepeat; i++) {
    starts[i] = text.length
    // The second half repeats the first, so that a cut never has to continue at the beginning.
    text += ` ${commonWords[Math.floor(random.at(i % wordsBeforeRepeat) * commonWords.length)]}`
  }
  starts[2 * wordsBeforeRepeat] = text.length
  // The string is flattened once; otherwise each cut would walk through the pieces from which it was built.
  const flat = Buffer.from(text, 'latin1').toString('latin1')
  return {
    cut(place, count) {
      if (count === 0) return ''
      const from = place % wordsBeforeRepeat
      if (count <= wordsBeforeRepeat) return flat.slice(starts[from]! + 1, starts[from + count])
      const whole = Math.floor(count / wordsBeforeRepeat)
      const rest = flat.slice(starts[from], starts[from + (count % wordsBeforeRepeat)])
      return (flat.slice(starts[from], starts[from + wordsBeforeRepeat]).repeat(whole) + rest).slice(1)
    },
  }
}

/** The place in the prose that belongs to a text: a hash of 31 bits. */
export function fingerprint(text: string): number {
  return hash(text) >>> 1
}
