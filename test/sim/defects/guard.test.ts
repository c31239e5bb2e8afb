import { afterEach, describe, expect, test, vi } from 'vitest'
import { guarded } from '../../../sim/defects/guard.ts'
import { defectReport } from '../../../sim/defects/report.ts'
import { wallTimeline } from '../../../sim/time/wall-timeline.ts'

afterEach(() => vi.restoreAllMocks())

const fail = (thrown: unknown) => () => {
  throw thrown
}

describe('a guarded step', () => {
  test('gives its result, and reports nothing', () => {
    const onDefect = vi.fn()
    expect(guarded(onDefect, () => 1, fail('instead'))).toBe(1)
    expect(onDefect).not.toHaveBeenCalled()
  })

  test('that throws is reported once, and `instead` gives the result', () => {
    const onDefect = vi.fn()
    expect(guarded(onDefect, fail('thrown'), () => 2)).toBe(2)
    expect(onDefect.mock.calls).toEqual([['thrown']])
  })

  test('that returns a promise which rejects is reported', async () => {
    const onDefect = vi.fn()
    guarded(onDefect, () => Promise.reject('rejected'))
    await expect.poll(() => onDefect.mock.calls).toEqual([['rejected']])
  })

  test('does not throw when its listener does', () => {
    expect(() => guarded(fail('listener'), fail('step'))).not.toThrow()
  })
})

describe('the report', () => {
  const errorsOf = () => vi.spyOn(console, 'error').mockImplementation(() => {})

  test('has the stack of each place once', () => {
    const written = errorsOf()
    const report = defectReport()
    const make = (text: string) => new Error(text)
    for (const text of ['first', 'second']) report(make(text))
    report(new Error('elsewhere'))
    expect(written.mock.calls.map(([text]) => /Error: (\w+)\n +at /.exec(text)?.[1])).toEqual(['first', 'elsewhere'])
  })

  test.each([
    ['a text', 'oops'],
    ['nothing', undefined],
    ['an object without a prototype', Object.create(null)],
    ['an error without a stack', Object.assign(new Error('plain'), { stack: undefined })],
    ['an error whose stack is no text', Object.assign(new Error('plain'), { stack: 7 })],
  ])('is written for %s', (_what, thrown) => {
    const written = errorsOf()
    defectReport()(thrown)
    expect(written).toHaveBeenCalledOnce()
  })

  test('is bounded, whatever the message quotes and however many places there are', () => {
    const written = errorsOf()
    const report = defectReport()
    for (let i = 0; i < 2000; i++) report(`${i}${'x'.repeat(100_000)}`)
    expect(written.mock.calls.length).toBeLessThanOrEqual(1000)
    for (const [text] of written.mock.calls) expect(text.length).toBeLessThan(5000)
  })
})

test('a callback of the wall timeline that throws stops neither the others nor time', () => {
  const onDefect = vi.fn()
  const timeline = wallTimeline({ speed: 0, origin: 0, onDefect })
  const rung: number[] = []
  for (const at of [10, 20, 20, 30]) timeline.after(at, () => rung.push(timeline.now()))
  timeline.after(20, fail('thrown'))
  timeline.after(20, async () => fail('rejected')())
  timeline.advance(25)
  expect(rung).toEqual([10, 20, 20])
  expect(onDefect.mock.calls).toEqual([['thrown']])
  timeline.after(1, fail('again'))
  timeline.advance(5)
  expect(timeline.now()).toBe(30)
  expect(rung).toEqual([10, 20, 20, 30])
})
