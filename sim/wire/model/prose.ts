import { hash, type Random } from '../../../src/core/random.ts'

/** Short common words: with the space before it, each is one token of the usual vocabularies. */
const commonWords = (
  'the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one you were ' +
  'all her she there would their we him been has when who will no more if out so said what up its about into than them can only ' +
  'other new some could time these two may then do first any my now such like our over man me even most made after also did many ' +
  'before must through back years where much your way well down should because each just those people how too little state good'
).split(' ')

/** How many words the text has before it begins again. */
const wordsBeforeRepeat = 8192

/** Words without end, where every run of them can be cut out at no cost: the answers of the simulated models. */
export interface Prose {
  /** The `count` words from a place, each with a space before it but the first. The place may be any whole number >= 0. */
  cut(place: number, count: number): string
}

/** A prose whose words are drawn from `random`. */
export function prose(random: Random): Prose {
  const starts = new Uint32Array(2 * wordsBeforeRepeat + 1)
  let text = ''
  for (let i = 0; i < 2 * wordsBeforeRepeat; i++) {
    starts[i] = text.length
    // The second half repeats the first, so that a cut never has to wrap.
    text += ` ${commonWords[Math.floor(random.at(i % wordsBeforeRepeat) * commonWords.length)]}`
  }
  starts[2 * wordsBeforeRepeat] = text.length
  // Flattened once: otherwise each cut would walk the pieces that it was made of.
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

/** The place in a prose that belongs to a text: 31 bits. */
export function fingerprint(text: string): number {
  return hash(text) >>> 1
}
