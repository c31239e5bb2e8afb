import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { type LineOutput, LineWriter, mostWaiting } from '../../../cli/process/line-writer.ts'

/** What an output does at one attempt: it takes this number of bytes, and then fails or has no room for now. */
interface Attempt {
  readonly takes: number
  readonly fails: boolean
}

/** An output in memory that follows a plan, and takes everything after it. */
function memory(
  plan: Attempt[],
  canTakeBack: boolean,
): LineOutput & { readonly text: () => string; isClosed: boolean } {
  let bytes = Buffer.alloc(0)
  let mustFail = false
  return {
    isClosed: false,
    text: () => bytes.toString(),
    async write(given) {
      if (mustFail) {
        mustFail = false
        throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
      }
      const { takes, fails } = plan.shift() ?? { takes: given.length, fails: false }
      const taken = Math.min(takes, given.length)
      bytes = Buffer.concat([bytes, given.subarray(0, taken)])
      mustFail = fails
      return taken
    },
    async takeBack(length) {
      if (canTakeBack) bytes = bytes.subarray(0, bytes.length - length)
      return canTakeBack
    },
    async close() {
      this.isClosed = true
    },
  }
}

/** Time that passes at once, turn by turn of the event loop. */
const clock = { now: () => 0, sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) }

const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await clock.sleep()
}

const anyLine = fc.string({ unit: fc.constantFrom('a', 'é', '漢', ' '), maxLength: 20 }).map((text) => `${text}\n`)
const anyPlan = fc.array(fc.record({ takes: fc.nat({ max: 30 }), fails: fc.boolean() }), { maxLength: 20 })

describe('a writer of lines', () => {
  test.prop([fc.array(anyLine, { maxLength: 30 }), anyPlan, fc.boolean()])(
    'writes each line once and in order, whatever part of it the output takes before it fails',
    async (lines, plan, canTakeBack) => {
      const output = memory([...plan], canTakeBack)
      const writer = new LineWriter(output, clock, () => {})
      for (const line of lines) {
        writer.add(line)
        if (line.length % 3 === 0) await turns(1)
      }
      await turns(100)
      expect(output.text()).toBe(lines.join(''))
    },
  )

  test.prop([fc.array(anyLine, { maxLength: 20 }), fc.array(anyLine, { maxLength: 20 }), anyPlan, fc.nat({ max: 5 })])(
    'goes on in another output with a whole line, and closes the former one',
    async (before, after, plan, wait) => {
      const [first, second] = [memory([...plan], true), memory([], true)]
      const writer = new LineWriter(first, clock, () => {})
      for (const line of before) writer.add(line)
      await turns(wait)
      writer.switchTo(second)
      for (const line of after) writer.add(line)
      await turns(100)
      for (const { text } of [first, second]) expect(text() === '' || text().endsWith('\n')).toBe(true)
      expect(first.text() + second.text()).toBe([...before, ...after].join(''))
      expect([first.isClosed, second.isClosed]).toEqual([true, false])
    },
  )

  test('has only whole lines in an output that is full, and the rest when there is room again', async () => {
    const fullAfter = (takes: number) => ({ takes, fails: true })
    const output = memory([fullAfter(5), fullAfter(0), fullAfter(2)], true)
    const writer = new LineWriter(output, clock, () => {})
    writer.add('abc\n')
    writer.add('def\n')
    const seen = new Set<string>()
    for (let i = 0; i < 20; i++) {
      await clock.sleep()
      seen.add(output.text())
    }
    expect([...seen]).toEqual(['abc\n', 'abc\ndef\n'])
  })

  test('tells once that an output fails, and later how many lines were lost', async () => {
    const told: string[] = []
    const full = { takes: 0, fails: true }
    const output = memory([full, full, full], true)
    const writer = new LineWriter(output, clock, (line) => told.push(line))
    const line = `${'x'.repeat(mostWaiting / 4 - 1)}\n`
    for (let i = 0; i < 6; i++) writer.add(line)
    await turns(50)
    expect(output.text()).toBe(line.repeat(4))
    expect(told).toEqual([
      'the access log cannot be written: it is slower than the requests, so lines are lost',
      'the access log is written again; lines lost: 2',
    ])
    writer.add('next\n')
    await turns(5)
    expect(output.text()).toBe(`${line.repeat(4)}next\n`)
    expect(told).toHaveLength(2)
  })

  test('keeps no more than its bound for an output that never answers, and ends all the same', async () => {
    const told: string[] = []
    const stuck: LineOutput = { write: () => new Promise(() => {}), takeBack: async () => false, close: async () => {} }
    const writer = new LineWriter(stuck, clock, (line) => told.push(line))
    for (let i = 0; i < 10; i++) writer.add(`${'x'.repeat(mostWaiting / 5)}\n`)
    await writer.close()
    expect(told).toEqual([
      'the access log cannot be written: it is slower than the requests, so lines are lost',
      'the access log ends; lines lost: 10',
    ])
  })

  test('tells how many lines are lost when the output fails until the end', async () => {
    const told: string[] = []
    const broken: LineOutput = {
      write: () => Promise.reject(new Error('no space left')),
      takeBack: async () => false,
      close: async () => {},
    }
    const writer = new LineWriter(broken, clock, (line) => told.push(line))
    for (const line of ['a\n', 'b\n']) writer.add(line)
    await turns(3)
    writer.add('c\n')
    await writer.close()
    expect(told).toEqual([
      `the access log cannot be written: no space left; its lines wait, and those beyond ${mostWaiting} characters are lost`,
      'the access log ends; lines lost: 3',
    ])
  })
})
