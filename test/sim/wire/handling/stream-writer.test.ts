import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Service } from '../../../../sim/provider/latency.ts'
import { readyAt } from '../../../../sim/provider/speed.ts'
import { virtualClock } from '../../../../sim/time/virtual-clock.ts'
import { StreamWriter } from '../../../../sim/wire/handling/stream-writer.ts'
import type { ModelOutput } from '../../../../sim/wire/model/output.ts'
import type { Frames } from '../../../../sim/wire/protocols/protocol.ts'
import type { Millis } from '../../../../src/core/clock.ts'

/** A sink that records each write, the end and the break, with its instant. */
interface Heard {
  readonly at: Millis
  readonly text: string
}

interface Show {
  readonly service: Service
  readonly tokens: number
  readonly frameTokens: number
  readonly until?: number
}

const begun: Millis = 1_000_000
const end = '(end)'

/** A delta is written as the numbers of its tokens: `1` or `2-5`. */
const output: Partial<ModelOutput> = {
  delta: (from, to) => ({
    text: `${from}-${to} `,
    textSoFar: '',
    reasoning: '',
    reasoningSoFar: '',
    outputTokens: to,
  }),
}
const frames: Frames = {
  opening: () => '<',
  delta: ({ text }) => text,
  closing: () => '>',
  failing: () => '!',
}

/** Starts a writer, and its sink at the instant `from`. `plan` may do more with the writer. */
async function heard(
  show: Show,
  from: Millis,
  plan: (writer: StreamWriter, after: (ms: Millis, then: () => void) => void) => void,
) {
  const clock = virtualClock(begun)
  const all: Heard[] = []
  const note = (text: string) => all.push({ at: clock.now() - begun, text })
  const writer = new StreamWriter({ timeline: clock, output: output as ModelOutput, frames, ...show })
  const { service } = show
  clock.after(service.firstToken, writer)
  plan(writer, (ms, then) => clock.after(ms, then))
  clock.after(from, () => writer.start({ write: note, end: () => note(end), break: () => note('(break)') }))
  await clock.run(clock.sleep(service.total + from + 10))
  return all
}

const whole =
  ({ service, tokens }: Show) =>
  (writer: StreamWriter, after: (ms: Millis, then: () => void) => void) =>
    after(service.total, () => writer.finish(tokens, (spoken) => spoken.closing()))

function textOf(all: readonly Heard[]): string {
  return all.map(({ text }) => text).join('')
}

/** The pieces, computed directly: one token, then `frameTokens` at a time, then the rest. */
function pieces({ tokens, frameTokens }: Show): string[] {
  const list = ['0-1 ']
  for (let said = 1; said < tokens; said += frameTokens) list.push(`${said}-${Math.min(tokens, said + frameTokens)} `)
  return list
}

const anyShow: fc.Arbitrary<Show> = fc
  .tuple(fc.nat(50), fc.nat(200), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 7 }))
  .map(([firstToken, rest, tokens, frameTokens]) => ({
    service: { firstToken, total: Math.max(1, firstToken + rest) },
    tokens,
    frameTokens,
  }))

describe('a writer', () => {
  test('writes each piece when its last token is ready, and closes at the end', async () => {
    const show = { service: { firstToken: 10, total: 50 }, tokens: 5, frameTokens: 2 }
    expect(await heard(show, 0, whole(show))).toEqual([
      { at: 10, text: '<0-1 ' },
      { at: 30, text: '1-3 ' },
      { at: 50, text: '3-5 ' },
      { at: 50, text: '>' },
      { at: 50, text: end },
    ])
  })

  test.prop([anyShow, fc.nat(300)])('writes the same to a sink that starts at any instant', async (show, from) => {
    expect(textOf(await heard(show, from, whole(show)))).toBe(`<${pieces(show).join('')}>${end}`)
  })

  test.prop([anyShow, fc.nat(300)])(
    'writes no piece before its time, and none late to a sink that has started',
    async (show, from) => {
      for (const { at, text } of await heard(show, from, whole(show))) {
        for (const [, to] of text.matchAll(/-(\d+) /g)) {
          expect(at).toBe(Math.max(from, readyAt(Number(to), show.service, show.tokens)))
        }
      }
    },
  )

  test.prop([anyShow, fc.nat(300), fc.nat(300)])(
    'that is silenced writes nothing more, and does not end',
    async (show, from, at) => {
      const { service, tokens } = show
      const all = await heard(show, from, (writer, after) => {
        after(at, () => writer.stop())
        whole(show)(writer, after)
      })
      const full = `<${pieces(show).join('')}>${end}`
      if (at > service.total) expect(textOf(all)).toBe(full)
      else {
        // A sink that starts after the writer is silenced ends at once.
        const text = textOf(all).replace(end, '')
        expect(full.startsWith(text)).toBe(true)
        expect(text).not.toContain('>')
        for (const [, to] of text.matchAll(/-(\d+) /g))
          expect(readyAt(Number(to), service, tokens)).toBeLessThanOrEqual(at)
      }
    },
  )

  test.prop([anyShow, fc.nat(300), fc.integer({ min: 1, max: 40 })])(
    'with a limit writes no more tokens than that, and ends once, after the closing text',
    async (show, from, count) => {
      const until = Math.min(count, show.tokens)
      const at = readyAt(until, show.service, show.tokens)
      const all = await heard({ ...show, until }, from, (writer, after) => {
        after(at, () => writer.finish(until, (spoken) => spoken.failing({}, 500)))
        whole(show)(writer, after)
      })
      expect(textOf(all)).toBe(`<${pieces({ ...show, tokens: until }).join('')}!${end}`)
    },
  )

  test('with a limit of 0 writes only the closing text', async () => {
    const show = { service: { firstToken: 10, total: 50 }, tokens: 5, frameTokens: 2 }
    const all = await heard(show, 0, (writer, after) => {
      after(0, () => writer.finish(0, (spoken) => spoken.failing({}, 500)))
    })
    expect(textOf(all)).toBe(`!${end}`)
  })

  test('makes no text but the first frame before there is a sink, because many answers can be due at one instant', () => {
    const clock = virtualClock(begun)
    let made = 0
    const counted: Partial<ModelOutput> = {
      delta(from, to) {
        made++
        return output.delta!(from, to)
      },
    }
    const show = { service: { firstToken: 0, total: 50 }, tokens: 30_000, frameTokens: 1 }
    const writer = new StreamWriter({ timeline: clock, output: counted as ModelOutput, frames, ...show })
    writer.run()
    writer.finish(show.tokens, (spoken) => spoken.closing())
    expect(made).toBe(1)
    const texts: string[] = []
    writer.start({ write: (piece) => texts.push(piece), end: () => texts.push(end), break: () => {} })
    expect([made, ...texts.slice(2)]).toEqual([30_000, '>', end])
  })

  test('that breaks off writes up to its limit, and breaks instead of ending, for a sink that starts at any instant', async () => {
    const show = { service: { firstToken: 10, total: 50 }, tokens: 5, frameTokens: 2 }
    for (const from of [0, 40]) {
      const all = await heard(show, from, (writer, after) => after(20, () => writer.breakOff(2)))
      expect(textOf(all)).toBe('<0-1 1-2 (break)')
    }
  })
})
