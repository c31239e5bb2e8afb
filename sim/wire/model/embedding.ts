import { seeded } from '../../../src/core/random.ts'
import { fingerprint } from './prose.ts'

/** How many dimensions each word moves. */
const dimensionsPerWord = 8

/**
 * The vector of a text: of length 1, the same for the same text, and near to those of texts that share its words. Every word, and every
 * Chinese, Japanese or Korean character, moves a few dimensions, as feature hashing does.
 */
export function embedding(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions)
  const words = text.toLowerCase().match(/[\u2e80-\u9fff\uac00-\ud7af]|[\p{L}\p{N}]+/gu) ?? [text]
  for (const word of words) move(vector, word)
  // Words that cancel each other out, or none at all.
  if (vector.every((each) => each === 0)) vector[fingerprint(text) % dimensions] = 1
  const length = Math.hypot(...vector)
  return vector.map((each) => each / length)
}

function move(vector: Float32Array, word: string): void {
  const random = seeded(fingerprint(word))
  for (let i = 0; i < dimensionsPerWord; i++)
    vector[Math.floor(random.at(i, 0) * vector.length)]! += random.at(i, 1) - 0.5
}

/** As the OpenAI SDKs read it: 32-bit floats, little-endian, in base64. */
export function base64Of(vector: Float32Array): string {
  const bytes = new DataView(new ArrayBuffer(4 * vector.length))
  for (const [i, each] of vector.entries()) bytes.setFloat32(4 * i, each, true)
  return Buffer.from(bytes.buffer).toString('base64')
}
