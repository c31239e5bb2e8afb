import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { okReply, throttledReply } from '../../../../contracts/provider-script.ts'
import { exampleCall, type ScheduledCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { virtualClock } from '../../../../sim/time/virtual-clock.ts'
import type { Call } from '../../../../src/core/call.ts'
import type { Clock, Millis } from '../../../../src/core/clock.ts'
import { seeded } from '../../../../src/core/random.ts'
import { Line, type WaitingOptions } from '../../../../src/strategies/pacing/line.ts'
import { firstCome, type LineOrder } from '../../../../src/strategies/pacing/order.ts'
import { pace } from '../../../../src/strategies/pacing/pace.ts'

function lineOf(clock: Clock = virtualClock(), options: WaitingOptions = {}, order?: LineOrder): Line<true> {
  return new Line<true>({ clock, random: seeded(1) }, options, order)
}

test('serves in the order of arrival', async () => {
  const line = lineOf()
  const served: number[] = []
  const joined = [0, 1, 2].map((id) => line.join(exampleCall(id)).then(() => served.push(id)))
  expect(line.isEmpty).toBe(false)
  while (line.serve(0, true));
  await Promise.all(joined)
  expect(served).toEqual([0, 1, 2])
  expect(line.isEmpty).toBe(true)
  expect(line.serve(0, true)).toBe(false)
})

test('a call that is already aborted does not join', async () => {
  const line = lineOf()
  const reason = new Error('gone')
  await expect(line.join(exampleCall(0, { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason)
  expect(line.isEmpty).toBe(true)
})

test('a call whose deadline has come is told so and takes no turn', async () => {
  const line = lineOf()
  const turns = [10, 11, 20].map((deadline, id) => line.join(exampleCall(id, { deadline })))
  expect(line.serve(11, true)).toBe(true)
  expect(await Promise.all(turns)).toEqual([undefined, undefined, true])
})

test('lets go of the signal when it lets go of the call', async () => {
  const line = lineOf()
  const listeners = new Set<unknown>()
  const signal = {
    aborted: false,
    reason: undefined,
    addEventListener: (_type: 'abort', listener: () => void) => listeners.add(listener),
    removeEventListener: (_type: 'abort', listener: () => void) => listeners.delete(listener),
  }
  const turn = line.join(exampleCall(0, { signal }))
  expect(listeners.size).toBe(1)
  line.serve(0, true)
  expect(await turn).toBe(true)
  expect(listeners.size).toBe(0)
})

test('behaves as a plain list does, under any mix of joining, leaving and serving', async () => {
  const step = fc.oneof(
    fc.constant({ join: true as const }),
    fc.record({ abort: fc.nat(30) }),
    fc.constant({ serve: true as const }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const line = lineOf()
      const aborts: AbortController[] = []
      const outcomes: Promise<unknown>[] = []
      let model: number[] = []
      const expected: unknown[] = []
      for (const action of steps) {
        if ('join' in action) {
          const id = aborts.length
          const abort = new AbortController()
          aborts.push(abort)
          outcomes.push(line.join(exampleCall(id, { signal: abort.signal })).catch((reason: unknown) => reason))
          model.push(id)
        } else if ('abort' in action) {
          const id = action.abort
          aborts[id]?.abort(`left ${id}`)
          if (model.includes(id)) expected[id] = `left ${id}`
          model = model.filter((waiting) => waiting !== id)
        } else {
          const first = model.shift()
          expect(line.serve(0, true)).toBe(first !== undefined)
          if (first !== undefined) expected[first] = true
        }
        expect(line.isEmpty).toBe(model.length === 0)
      }
      while (line.serve(0, true)) expected[model.shift()!] = true
      expect(await Promise.all(outcomes)).toEqual(expected)
    }),
  )
})

describe('a call that can hardly be answered any more', () => {
  /** Makes a line that has learned at the instant 0 that an answer takes `serviceTime`. */
  function lineThatKnows(serviceTime: Millis, options?: WaitingOptions): Line<true> {
    const line = lineOf(virtualClock(), options)
    line.ended(exampleCall(99), okReply(), serviceTime)
    return line
  }

  async function served(line: Line<true>, deadlines: readonly Millis[], now: Millis): Promise<number[]> {
    const ids: number[] = []
    const turns = deadlines.map((deadline, id) =>
      line.join(exampleCall(id, { deadline })).then((mayGo) => ids.push(mayGo ? id : -id)),
    )
    while (line.serve(now, true)) await undefined
    await Promise.all(turns)
    return ids
  }

  test('gives way to the others, and is sent when none of them waits', async () => {
    expect(await served(lineThatKnows(100), [99, 100, 50, 500], 0)).toEqual([1, 3, 2, 0])
  })

  test('goes before the older ones when all have too little time', async () => {
    expect(await served(lineThatKnows(100), [30, 40, 50, 60], 30)).toEqual([-0, 3, 2, 1])
  })

  test('is told at its deadline that it was not sent', async () => {
    const line = lineThatKnows(100)
    const turns = [50, 500, 500, 500].map((deadline, id) => line.join(exampleCall(id, { deadline })))
    expect(line.serve(0, true)).toBe(true)
    expect(line.serve(50, true)).toBe(true)
    expect(await Promise.all(turns.slice(0, 3))).toEqual([undefined, true, true])
    expect(line.isEmpty).toBe(false)
  })

  test('keeps its turn when the line serves late calls like others', async () => {
    expect(await served(lineThatKnows(100, { skipLate: false }), [99, 100, 50, 500], 0)).toEqual([0, 1, 2, 3])
  })

  test('leaves at once when it is aborted', async () => {
    const line = lineThatKnows(100)
    const abort = new AbortController()
    const late = line.join(exampleCall(0, { deadline: 50, signal: abort.signal }))
    const other = line.join(exampleCall(1))
    expect(line.serve(0, true)).toBe(true)
    expect(await other).toBe(true)
    abort.abort('gone')
    await expect(late).rejects.toBe('gone')
    expect(line.isEmpty).toBe(true)
    expect(line.serve(0, true)).toBe(false)
  })
})

test('shows how many wait, and how long it takes an answer to take', async () => {
  const shown: (() => unknown)[] = []
  const expose = (_part: string, read: () => unknown) => shown.push(read)
  const line = new Line<true>({ clock: virtualClock(), random: seeded(1), expose }, {})
  line.join(exampleCall(0))
  expect(shown.map((read) => read())).toEqual([{ waiting: 1, serviceTime: 0 }])
})

const answerTime = 400

test.prop([
  fc.integer({ min: 2, max: 20 }),
  fc.array(fc.record({ at: fc.nat(3000), patience: fc.constantFrom(300, 500, 900, 2000, 6000) }), {
    minLength: 1,
    maxLength: 60,
  }),
])(
  'once it knows how long an answer takes, it sends no call that cannot be answered while one waits that can, and lets no turn pass',
  async (perSecond, arrivals) => {
    const rig = strategyRig({ strategy: pace({ perSecond }), script: () => okReply(), serviceTime: answerTime })
    const first = { at: 0, call: exampleCall(arrivals.length) }
    const calls = arrivals.map(({ at, patience }, id): ScheduledCall => {
      const start = at + answerTime + 1
      return { at: start, call: exampleCall(id, { deadline: start + patience }) }
    })
    await rig.run([first, ...calls])
    const sentAt = new Map(rig.attempts.map(({ at, call }) => [call.id, at]))
    const interval = Math.ceil(1000 / perSecond)
    for (const { at, call } of rig.attempts.slice(1)) {
      const waiting = calls.filter((other) => other.at < at && (sentAt.get(other.call.id) ?? Infinity) > at)
      const isAnswerable = ({ deadline }: Call) => at + answerTime <= deadline
      if (!isAnswerable(call)) expect(waiting.filter((other) => isAnswerable(other.call))).toEqual([])
    }
    // A call that was not sent by its deadline saw a turn go to another in each interval that it waited.
    for (const { at, call } of calls.filter(({ call }) => !sentAt.has(call.id))) {
      const turns = rig.instants().filter((sent) => sent >= at - interval && sent <= call.deadline)
      expect(turns.length).toBeGreaterThanOrEqual(Math.floor((call.deadline - at) / interval))
    }
  },
)

test('a caller who hangs up on every answer does not stop the line', async () => {
  // Every answer takes longer than any caller waits, until 20 s.
  const rig = strategyRig({ strategy: pace({ perSecond: 10 }), script: () => okReply(), serviceTime: 1000 })
  const calls = Array.from({ length: 200 }, (_, id): ScheduledCall => {
    const at = id * 100
    const abort = new AbortController()
    rig.at(at + 500, () => abort.abort('gone'))
    return { at, call: exampleCall(id, { deadline: at + 500, signal: abort.signal }) }
  })
  await rig.run([...calls, { at: 20_000, call: exampleCall(200, { deadline: 22_000 }) }])
  expect(rig.attempts.length).toBeGreaterThan(190)
  expect(rig.ids().at(-1)).toBe(200)
})

test('tells its order of each call that goes, and how it ended', async () => {
  const told: unknown[] = []
  const order: LineOrder = {
    ...firstCome(),
    started: ({ id }) => told.push(['started', id]),
    ended: ({ id }, reply) => told.push(['ended', id, reply?.kind]),
  }
  const line = lineOf(virtualClock(), {}, order)
  const [passing, waiting] = [exampleCall(0), exampleCall(1)]
  line.passBy(passing)
  const turn = line.join(waiting)
  expect(line.first(0)).toBe(waiting)
  expect(line.serve(0, true)).toBe(true)
  expect(line.first(0)).toBeUndefined()
  await turn
  line.ended(passing, throttledReply(), 50)
  line.ended(waiting, undefined, 50)
  expect(told).toEqual([
    ['started', 0],
    ['started', 1],
    ['ended', 0, 'throttled'],
    ['ended', 1, undefined],
  ])
})
