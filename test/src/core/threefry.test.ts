import { expect, test } from 'vitest'
import { threefry, type Words } from '../../../src/core/threefry.ts'

/** Reads four words in hexadecimal digits. */
function words(text: string): Words {
  const [a, b, c, d] = text.split(' ').map((word) => Number.parseInt(word, 16) | 0)
  return [a!, b!, c!, d!]
}

// The known answers that come with the authors' own implementation (Random123).
test.each([
  ['00000000 00000000 00000000 00000000', '00000000 00000000 00000000 00000000', '9c6ca96a e17eae66 fc10ecd4 5256a7d8'],
  ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff ffffffff ffffffff', '2a881696 57012287 f6c7446e a16a6732'],
  ['a4093822 299f31d0 082efa98 ec4e6c89', '243f6a88 85a308d3 13198a2e 03707344', '59cd1dbb b8879579 86b5d00c ac8b6d84'],
])('with the key %s the counter %s becomes %s', (key, counter, result) => {
  expect(threefry(words(key), words(counter))).toEqual(words(result))
})
