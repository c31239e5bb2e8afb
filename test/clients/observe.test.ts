import { describe, expect, test } from 'vitest'
import { attemptsOf, summaryOf } from '../../clients/observe.ts'
import type { RequestRecord } from '../../sim/wire/request-record.ts'

function record(arrivedAt: number, endedAt: number, more: Partial<RequestRecord> = {}): RequestRecord {
  const base = { number: 1, id: 'id', method: 'POST', path: '/', protocol: 'compat-chat', key: 'sk-…', status: 429 }
  return { ...base, arrivedAt, endedAt, ...more }
}

describe('waits', () => {
  const waitsOf = (...gaps: number[]) => {
    let at = 0
    const records = [record(0, 0)]
    for (const gap of gaps) {
      at += gap
      records.push(record(at, at))
    }
    return attemptsOf(records, [
      [375, 500],
      [2000, 2000],
    ]).map(({ wait }) => wait)
  }

  test('count from the end of the previous attempt', () => {
    expect(attemptsOf([record(0, 5000), record(5400, 5400)], [[375, 500]])[1]!.wait).toBe('0.375–0.5 s')
  })

  test('are written as the documented range, with any jitter in it', () => {
    expect(waitsOf(375, 2000)).toEqual([undefined, '0.375–0.5 s', '2 s'])
    expect(waitsOf(500, 2100)).toEqual([undefined, '0.375–0.5 s', '2 s'])
  })

  test('are left out where none are documented', () => {
    expect(attemptsOf([record(0, 0), record(400, 400)], undefined)).toEqual([{ status: 429 }, { status: 429 }])
  })

  test('are written as measured when they are outside the documented range', () => {
    expect(waitsOf(200, 4000)).toEqual([undefined, '0.2 s, not as documented', '4.0 s, not as documented'])
    expect(waitsOf(400, 2000, 700)[3]).toBe('0.7 s, not as documented')
  })
})

describe('the summary of a call', () => {
  const answer = 'Routers pick experts.'
  const summary = (text: string) => summaryOf({ text }, answer, []).text

  test.each([
    ['', 'none'],
    [answer, 'answer'],
    ['Routers pick', 'part'],
    ['You exceeded your current quota', 'error text'],
    ['Routers, pick', 'other'],
  ])('%j is of the kind `%s`', (text, kind) => expect(summary(text)).toBe(kind))

  test('has nothing of an error that differs from run to run', () => {
    const id = '4ab35fe8-0909-9934-bd34-f4bef2f4eeae'
    const message = `no answer from http://127.0.0.1:34567\n  for ${id}`
    const view = { text: '', error: { by: 'raised' as const, class: 'E', requestId: id, message } }
    expect(summaryOf(view, answer, [record(0, 0, { id })]).error).toEqual({
      by: 'raised',
      class: 'E',
      status: null,
      code: null,
      type: null,
      hasRequestId: true,
      message: 'no answer from <origin> for <id>',
    })
    expect(summaryOf(view, answer, [record(0, 0)]).error!.hasRequestId).toBe(false)
  })
})
