import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { type Frame, FrameReader } from '../../../src/fetch/frames.ts'

/** Reads a whole stream at once: an obvious model of the reader. */
function framesOf(text: string): Frame[] {
  const lines = text
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
    .split('\n')
  const frames: Frame[] = []
  let frame: string[] = []
  for (const line of [...lines, '', '']) {
    if (line !== '') {
      frame.push(line)
      continue
    }
    const valuesOf = (name: string) =>
      frame.flatMap((each) => {
        if (each === name) return ['']
        return each.startsWith(`${name}:`) ? [each.slice(name.length + 1).replace(/^ /, '')] : []
      })
    const data = valuesOf('data')
    const status = [...valuesOf('status'), ...frame.flatMap((each) => each.split(/^:HTTP_STATUS\//)[1] ?? [])]
      .filter((each) => /^[1-5]\d\d$/.test(each))
      .at(-1)
    if (data.length > 0)
      frames.push({
        event: valuesOf('event').at(-1) ?? '',
        data: data.join('\n'),
        status: status === undefined ? undefined : Number(status),
      })
    frame = []
  }
  return frames
}

/** Reads the bytes in pieces of these lengths, again and again. */
function readIn(bytes: Uint8Array, lengths: readonly number[]): Frame[] {
  const reader = new FrameReader()
  const frames: Frame[] = []
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const end = at + lengths[i % lengths.length]!
    frames.push(...reader.add(bytes.subarray(at, end)))
    at = end
  }
  return [...frames, ...reader.end()]
}

const line = fc.oneof(
  fc.constantFrom(
    '',
    '',
    'data:',
    'data',
    'data: {"a":1}',
    'data:x',
    'data:  y',
    'data: [DONE]',
    ':HTTP_STATUS/429',
    'status:429',
    ': ping',
  ),
  fc.constantFrom(
    'event:error',
    'event: result',
    'id:1',
    'retry: 3',
    'datax: 1',
    'data: 你好😀é',
    '\ufeff',
    'garbage',
    'data: a: b',
  ),
  fc.string(),
)
const stream = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r'))).map((all) => all.flat().join(''))
const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 })

property.prop([stream, lengths])('frames are found as in the whole text, in pieces of any size', (text, sizes) => {
  expect(readIn(new TextEncoder().encode(text), sizes)).toEqual(framesOf(text.toWellFormed()))
})

property.prop([fc.uint8Array({ maxLength: 200 }), lengths])('no bytes make it throw', (bytes, sizes) => {
  expect(readIn(bytes, sizes)).toEqual(framesOf(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)))
})

describe('what is too long', () => {
  const piece = new TextEncoder().encode('x'.repeat(64 * 1024))

  test('is not kept, and what follows it is read', () => {
    const reader = new FrameReader()
    const read = (text: string) => reader.add(new TextEncoder().encode(text))
    read('data: ')
    for (let i = 0; i < 20; i++) expect(reader.add(piece)).toEqual([])
    expect(read('\ndata: a\n\ndata: b\n\n').map(({ data }) => data)).toEqual(['b'])
    for (let i = 0; i < 20; i++) reader.add(piece)
    expect(reader.end()).toEqual([])
  })
})
