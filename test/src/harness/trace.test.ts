import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { type Rule, rules } from '../../../src/core/limit.ts'
import { outcomes, Trace } from '../../../src/harness/trace.ts'
import type { Verdict } from '../../../src/scenario/world.ts'

const verdicts: readonly Verdict[] = ['admitted', 'refused', ...rules]

/** An attempt as a plain object, for a model of the trace that is easy to check. */
interface Attempt {
  readonly call: number
  readonly sent: number
  decided?: number
  verdict: Verdict | 'pending'
  rules: readonly Rule[]
  money: number
}

const calls = 6
const step = fc.oneof(
  fc.record({ act: fc.constant('sent' as const), call: fc.nat(calls - 1), at: fc.nat(1000) }),
  fc.record({
    act: fc.constant('decided' as const),
    attempt: fc.nat(50),
    at: fc.nat(1000),
    verdict: fc.constantFrom(...verdicts),
    rules: fc.subarray([...rules]),
  }),
  fc.record({
    act: fc.constant('billed' as const),
    attempt: fc.nat(50),
    money: fc.double({ min: 0, max: 9, noNaN: true }),
  }),
  fc.record({ act: fc.constant('answered' as const), attempt: fc.nat(50) }),
  fc.record({
    act: fc.constant('settle' as const),
    call: fc.nat(calls - 1),
    at: fc.nat(1000),
    outcome: fc.constantFrom(...outcomes),
    byOtherModel: fc.boolean(),
  }),
)

test.prop([fc.array(step, { maxLength: 80 })])('columns hold the same values as plain objects', (steps) => {
  const trace = new Trace(calls)
  const attempts: Attempt[] = []
  const settled = Array.from({ length: calls }, () => ({
    at: Number.NaN,
    outcome: 'dropped',
    byOtherModel: false,
    by: -1,
  }))
  for (const each of steps) {
    switch (each.act) {
      case 'sent':
        expect(trace.sent(each.call, each.at)).toBe(attempts.length)
        attempts.push({ call: each.call, sent: each.at, verdict: 'pending', rules: [], money: 0 })
        break
      case 'settle':
        trace.settle(each.call, each.at, each.outcome, each.byOtherModel)
        Object.assign(settled[each.call]!, { at: each.at, outcome: each.outcome, byOtherModel: each.byOtherModel })
        break
      default: {
        if (attempts.length === 0) break
        const number = each.attempt % attempts.length
        const attempt = attempts[number]!
        if (each.act === 'decided') {
          trace.decided(number, each.at, each.verdict, each.rules)
          Object.assign(attempt, { decided: each.at, verdict: each.verdict, rules: each.rules })
        } else if (each.act === 'billed') {
          trace.billed(number, each.money)
          attempt.money = each.money
        } else {
          trace.answered(number)
          const call = settled[attempt.call]!
          if (call.by < 0) call.by = number
        }
      }
    }
  }
  expect(trace.attempts).toBe(attempts.length)
  attempts.forEach((attempt, i) => {
    expect(trace.callOf(i)).toBe(attempt.call)
    expect(trace.sentAt(i)).toBe(attempt.sent)
    expect(trace.verdictOf(i)).toBe(attempt.verdict)
    expect(trace.deniedBy(i)).toEqual(attempt.rules)
    expect(trace.moneyOf(i)).toBe(attempt.money)
    if (attempt.decided !== undefined) expect(trace.decidedAt(i)).toBe(attempt.decided)
  })
  settled.forEach(({ at, outcome, byOtherModel, by }, call) => {
    expect(trace.settled[call]).toBe(at)
    expect(trace.isSettled(call)).toBe(!Number.isNaN(at))
    expect(trace.outcomeOf(call)).toBe(outcome)
    expect(trace.answeredByOtherModel(call)).toBe(byOtherModel)
    expect(trace.answeredBy(call)).toBe(by)
    expect(trace.attemptsOf[call]).toBe(attempts.filter((attempt) => attempt.call === call).length)
  })
})

describe('a long trace', () => {
  test('grows by chunks and keeps every value', () => {
    const trace = new Trace(7)
    const attempts = 200_000
    for (let i = 0; i < attempts; i++) {
      trace.sent(i % 7, i)
      trace.decided(i, i + 1, verdicts[i % verdicts.length]!, [])
      trace.billed(i, i / 8)
    }
    expect(trace.attempts).toBe(attempts)
    for (let i = 0; i < attempts; i++) {
      const right =
        trace.callOf(i) === i % 7 &&
        trace.sentAt(i) === i &&
        trace.decidedAt(i) === i + 1 &&
        trace.verdictOf(i) === verdicts[i % verdicts.length] &&
        trace.moneyOf(i) === i / 8
      if (!right) expect.unreachable(`attempt ${i}`)
    }
  })

  test('may have no calls', () => {
    expect(new Trace(0)).toMatchObject({ calls: 0, attempts: 0 })
  })
})
