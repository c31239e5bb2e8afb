import { seeded } from '../../../src/core/random.ts'
import { fingerprint } from './prose.ts'

/** The number of dimensions that each word changes. */
const dimensionsPerWord = 8

/** The most words of a text that change its vector. A text of 8,192 tokens, which is the most that the models read, has about as many. */
const mostWords = 6000

/**
 * The vector of a text. Its length is 1, the same text always has the same vector, and texts that share words have vectors that are near each
 * other: as in feature hashing, every word, and every Chinese, Japanese or Korean character, changes a few dimensions.
 */
export function embedding(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions)
  const words = text.toLowerCase().match(/[\u2e80-\u9fff\uac00-\ud7af]|[\p{L}\p{N}]+/gu) ?? [text]
  for (const word of words.slice(0, mostWords)) move(vector, word)
  // The text has no words, or its words cancel each other out.
  if (vector.every((each) => each === 0)) vector[fingerprint(text) % dimensions] = 1
  const length = Math.hypot(...vector)
  return vector.map((each) => each / length)
}

function move(vector: Float32Array, word: string): void {
  const random = seeded(fingerprint(word))
  for (let i = 0; i < dimensionsPerWord; i++)
    vector[Math.floor(random.at(i, 0) * vector.length)]! += random.at(i, 1) - 0.5
}

/** The form that the OpenAI SDKs read: 32-bit floats, little-endian, in base64. */
export function base64Of(vector: Float32Array): string {
  const bytes = new DataView(new ArrayBuffer(4 * vector.length))
  for (const [i, each] of vector.entries()) bytes.setFloat32(4 * i, each, true)
  return Buffer.from(bytes.buffer).toString('base64')
}
