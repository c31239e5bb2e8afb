import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { redactionOf } from '../../../../sim/gateway/http/redaction.ts'

const keys = ['sk-aaaaab', 'sk-aab', 'aab/"x', 'sk-aab.*']
const { redacted, inPieces } = redactionOf(keys)

/** A text of keys, of beginnings of keys and of other letters, which is cut anywhere. */
const anyPieces = fc
  .tuple(
    fc.array(fc.constantFrom('s', 'sk-', 'sk-aa', 'a', 'b', '.', '/', '"', ...keys), { maxLength: 9 }),
    fc.array(fc.nat()),
  )
  .map(([parts, places]) => {
    const text = parts.join('')
    const at = [0, ...places.map((place) => place % (text.length + 1)).sort((a, b) => a - b), text.length]
    return at.slice(1).map((end, i) => text.slice(at[i], end))
  })

describe('keys', () => {
  property.prop([anyPieces])('never stand in what comes in pieces, and everything else does', (pieces) => {
    const stream = inPieces()
    const out = [...pieces.map((piece) => stream.add(piece)), stream.end()].join('')
    for (const key of keys) expect(out).not.toContain(key)
    if (!keys.some((key) => pieces.join('').includes(key))) expect(out).toBe(pieces.join(''))
  })

  test('are found when they come letter by letter, and other text is not kept back', () => {
    const stream = inPieces()
    expect([...'Hello sk-aaaaab!'].map((letter) => stream.add(letter))).toEqual([
      ...'Hello ',
      ...Array(8).fill(''),
      '[redacted]',
      '!',
    ])
    expect(stream.end()).toBe('')
  })

  test('are found as JSON and addresses spell them', () => {
    expect(redacted(JSON.stringify({ message: 'key aab/"x.' }))).toBe('{"message":"key [redacted]."}')
    expect(redacted('"aab\\/\\"x"')).toBe('"[redacted]"')
    expect(redacted('https://x/?key=aab%2F%22x')).toBe('https://x/?key=[redacted]')
    expect(redacted('sk-aabxyz')).toBe('[redacted]xyz')
  })

  test('that nobody has change nothing', () => {
    const none = redactionOf([])
    expect([none.redacted('sk-a'), none.inPieces().add('sk-a'), none.inPieces().end()]).toEqual(['sk-a', 'sk-a', ''])
  })
})
