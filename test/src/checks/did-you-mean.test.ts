import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { nearest } from '../../../src/checks/did-you-mean.ts'

const strategies = ['none', 'article-backoff', 'article-queue', 'queue', 'retry-full', 'retry-equal']

describe('nearest', () => {
  test.each([
    ['a letter changed', 'queie', 'queue'],
    ['a letter left out', 'retry-ful', 'retry-full'],
    ['a letter too many', 'article-backofff', 'article-backoff'],
    ['two neighbours swapped', 'nnoe', 'none'],
    ['the wrong case', 'Retry-Equal', 'retry-equal'],
    ['the word itself', 'none', 'none'],
    ['several mistakes in a long word', 'artcle-bakcoff', 'article-backoff'],
  ])('finds the word in spite of %s', (_slip, typed, meant) => {
    expect(nearest(typed, strategies)).toBe(meant)
  })

  test('returns undefined for a very long word, even if it is known', () => {
    const word = 'x'.repeat(1_000_000)
    expect(nearest(word, [word, `${word}y`])).toBeUndefined()
  })

  test('returns undefined where it would compare very many words', () => {
    const models = Array.from({ length: 15_000 }, (_, i) => `qwen-plus-${i}`)
    expect(nearest('qwen-plus-7', models.slice(0, 200))).toBe('qwen-plus-7')
    expect(nearest('qwen-plus-7', models)).toBeUndefined()
  })

  test.each([['hedge'], ['full'], ['n'], [''], ['x'.repeat(100_000)]])('returns undefined for %j', (typed) => {
    expect(nearest(typed.slice(0, 100_000), strategies)).toBeUndefined()
  })

  test('counts a swap as one step, not two', () => {
    expect(nearest('abdc', ['abcd'])).toBe('abcd')
    expect(nearest('badc', ['abcd'])).toBeUndefined()
  })

  test('returns the nearest candidate, and the first of several equally near ones', () => {
    expect(nearest('tpn', ['rpm', 'tpm', 'tps'])).toBe('tpm')
    expect(nearest('tpx', ['tpm', 'tps'])).toBe('tpm')
  })

  test('does not take one letter for another when the word is a single letter', () => {
    expect(nearest('a', ['b'])).toBeUndefined()
  })

  test('returns undefined without candidates', () => {
    expect(nearest('queue', [])).toBeUndefined()
  })

  const word = fc.string({ minLength: 2, maxLength: 12, unit: fc.constantFrom('a', 'b', 'c', 'd') })
  test.prop([word, fc.nat(11), fc.constantFrom('x', 'y')])(
    'finds a word in which one letter is wrong',
    (w, at, letter) => {
      const i = at % w.length
      expect(nearest(w.slice(0, i) + letter + w.slice(i + 1), [w])).toBe(w)
      expect(nearest(w.slice(0, i) + letter + w.slice(i), [w])).toBe(w)
      expect(nearest(w, [w.slice(0, i) + letter + w.slice(i)])).toBeDefined()
    },
  )
})
