import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { type Mock, mock } from '../../../../sim/mock/mock.ts'
import { type Timeline, virtualClock } from '../../../../sim/time/virtual-clock.ts'
import { wallTimeline } from '../../../../sim/time/wall-timeline.ts'
import type { RequestRecord } from '../../../../sim/wire/request-record.ts'
import type { Millis } from '../../../../src/core/clock.ts'
import { chat, key } from '../../mock-rig.ts'
import { calm, profileOf, requests, tokens } from '../../rig.ts'

/** The prompt of `chat`, and what the model answers: one token a millisecond from the first token on. */
const prompt = 11
const answer = 10

/** One request at instant 0, a client that leaves, and what else happens at that instant. */
interface Course {
  readonly stream: boolean
  readonly onHangUp: 'stop' | 'finish'
  readonly firstToken: Millis
  /** A fault delays the request. 0: none does. */
  readonly delay: Millis
  /** A fault breaks the stream within this frame, which has one token. 0: none does. */
  readonly breaksAfter: number
  readonly leavesAt: Millis
  /** Whether the client leaves before or after what else is due at that instant. */
  readonly leavesFirst: boolean
  readonly meanwhile: 'nothing' | 'reset' | 'reconfigure'
}

const course: fc.Arbitrary<Course> = fc.record({
  stream: fc.boolean(),
  onHangUp: fc.constantFrom('stop', 'finish'),
  firstToken: fc.constantFrom(0, 3),
  delay: fc.constantFrom(0, 1, 5),
  breaksAfter: fc.constantFrom(0, 1, 2, answer),
  leavesAt: fc.nat({ max: 25 }),
  leavesFirst: fc.boolean(),
  meanwhile: fc.constantFrom('nothing', 'reset', 'reconfigure'),
})

interface Outcome {
  readonly end: RequestRecord['end']
  /** Undefined: the request was never decided. */
  readonly output: number | undefined
}

/** The instant at which a token is ready, after the decision: the first at `firstToken`, the last when the answer is complete. */
const ready = (nth: number, firstToken: Millis) => firstToken + Math.round((answer * (nth - 1)) / (answer - 1))

/** What must come of it, by the definitions of `onHangUp` and of the faults alone. */
function outcomeOf(each: Course): Outcome {
  const { stream, onHangUp, firstToken, delay, leavesAt, leavesFirst } = each
  const isBefore = (instant: Millis) => leavesAt < instant || (leavesAt === instant && leavesFirst)
  // A whole reply is broken while it is sent, when all of it has been computed.
  const breaksAfter = stream ? each.breaksAfter : 0
  const endsAt = delay + (breaksAfter > 0 ? ready(breaksAfter, firstToken) : firstToken + answer)
  if (!isBefore(endsAt)) {
    const end = each.breaksAfter > 0 ? 'broken' : 'answered'
    return { end, output: breaksAfter > 0 ? breaksAfter : answer }
  }
  if (onHangUp === 'finish') return { end: 'left', output: answer }
  if (delay > 0 && isBefore(delay)) return { end: 'left', output: undefined }
  let output = 0
  while (output < answer && delay + ready(output + 1, firstToken) <= leavesAt) output++
  return { end: 'left', output }
}

interface Rig {
  readonly timeline: Timeline
  /** Does this at an instant, before or after what else is due then. */
  at(instant: Millis, first: boolean, act: () => void): void
  /** Lets everything happen. */
  finish(): Promise<void>
}

function virtual(): Rig {
  const timeline = virtualClock()
  return {
    timeline,
    at(instant, first, act) {
      // A timer that is set when its instant has begun comes after those that were set before.
      const later = () => void timeline.after(0, () => timeline.after(0, () => timeline.after(0, act)))
      timeline.after(instant, first ? act : later)
    },
    finish: () => timeline.run(timeline.sleep(1000)),
  }
}

/** A wall timeline whose real timers never ring: what is due happens when somebody reads the time, and each reading takes some time. */
function overdue(): Rig {
  let real = 0
  let step = 0
  const clock = {
    now: () => {
      real += step
      return real
    },
    sleep: () => new Promise<void>(() => {}),
  }
  const timeline = wallTimeline({ origin: 0, clock })
  const acts: { readonly instant: Millis; readonly act: () => void }[] = []
  return {
    timeline,
    at: (instant, _first, act) => void acts.push({ instant, act }),
    async finish() {
      for (const { instant, act } of acts) {
        real = instant
        step = 1 / 64
        act()
        step = 0
      }
      real = 1000
      timeline.now()
      await null
    },
  }
}

interface Books {
  readonly ended: RequestRecord[]
  readonly used: number
  readonly spent: number
  readonly mock: Mock
}

async function follow(each: Course, { timeline, at, finish }: Rig): Promise<Books> {
  const { stream, onHangUp, firstToken, delay, breaksAfter, leavesAt, leavesFirst, meanwhile } = each
  const ended: RequestRecord[] = []
  const action = {
    ...(delay > 0 && { delay }),
    ...(breaksAfter > 0 && { break: 'mid-body' as const, after: breaksAfter }),
  }
  const made = mock({
    timeline,
    profile: profileOf({ m: [tokens(1000)] }),
    accounts: [{ name: 'a', keys: [key] }],
    faults: delay + breaksAfter > 0 ? [{ when: 'always', do: action }] : [],
    wire: { answerTokens: answer, answerSpread: 0, frameTokens: 1 },
    switches: { ...calm, onHangUp, firstToken },
    ended: (record) => ended.push(record),
  })
  // Requests under way stay with the account that admitted them.
  const account = made.provider.accounts.get('a')!
  const meanwhiles = {
    nothing: () => {},
    reset: () => made.reset(),
    reconfigure: () => made.reconfigure({ limits: { m: [tokens(500)] } }),
  }
  let hangUp = () => {}
  const begin = () => {
    const handling = made.handle(chat({ stream }))
    hangUp = handling.hangUp
    handling.answer.then((answered) => {
      if (answered.kind === 'stream') answered.start({ write() {}, end() {}, break() {} })
    })
  }
  if (leavesFirst && 'run' in timeline) {
    // These timers are older than any that the request sets.
    at(leavesAt, true, () => hangUp())
    at(leavesAt, true, meanwhiles[meanwhile])
    begin()
  } else {
    begin()
    at(leavesAt, false, meanwhiles[meanwhile])
    at(leavesAt, false, () => hangUp())
  }
  await finish()
  const used = account.quota('m')!.levels(leavesAt)[0]!.used
  return { ended, used, spent: account.wallet.spent(), mock: made }
}

describe.each([
  ['virtual time', virtual],
  ['a wall clock that is read late', overdue],
] as const)('a client that leaves, in %s', (_name, rig) => {
  property.prop([course], { numRuns: 50 })(
    'is ended, charged, billed and counted exactly once, whatever else happens at that instant',
    async (drawn) => {
      // A late reading lets everything happen that is due, and only then the client leave.
      const each = rig === overdue ? { ...drawn, leavesFirst: false } : drawn
      const { end, output } = outcomeOf(each)
      const { ended, used, spent, mock: made } = await follow(each, rig())
      expect(ended.map((record) => record.end)).toEqual([end])
      expect(made.inFlight).toBe(0)
      const [record] = ended
      const decided = output === undefined ? 0 : prompt + output
      expect(used).toBe(decided)
      const price = output === undefined ? 0 : (prompt * 1 + output * 3) / 1_000_000
      expect(spent).toBeCloseTo(price, 12)
      expect(record!.money ?? 0).toBeCloseTo(price, 12)
      expect(record!.outputTokens).toBe(output)
    },
  )
})

describe.each([
  ['virtual time', virtual],
  ['a wall clock that is read late', overdue],
] as const)('a client whose request is held by the burst guard until 20 ms, in %s', (_name, rig) => {
  property.prop([fc.nat({ max: 35 }), fc.boolean(), fc.boolean(), fc.constantFrom('stop', 'finish')], { numRuns: 50 })(
    'is ended and charged exactly once, whenever it leaves',
    async (leavesAt, first, stream, onHangUp) => {
      const { timeline, at, finish } = rig()
      const ended: RequestRecord[] = []
      const made = mock({
        timeline,
        profile: profileOf({ m: [requests(60), tokens(10_000)] }),
        accounts: [{ name: 'a', keys: [key] }],
        wire: { answerTokens: answer, answerSpread: 0, frameTokens: 1 },
        switches: { ...calm, onHangUp, burstGuard: true, burstInterval: 20 },
        ended: (record) => ended.push(record),
      })
      const headers = { 'x-dashscope-wait-timeout': '5' }
      let hangUp = () => {}
      const leavesFirst = first && rig === virtual
      if (leavesFirst) at(leavesAt, true, () => hangUp())
      made.handle(chat())
      hangUp = made.handle(chat({ stream, headers })).hangUp
      if (!leavesFirst) at(leavesAt, false, () => hangUp())
      await finish()
      const isBefore = (instant: Millis) => leavesAt < instant || (leavesAt === instant && leavesFirst)
      const shifted = { stream, onHangUp, firstToken: 0, breaksAfter: 0, delay: 20, meanwhile: 'nothing' } as const
      const { end, output } = outcomeOf({ ...shifted, leavesAt, leavesFirst })
      const held = ended.filter((record) => record.number === 2)
      expect(ended).toHaveLength(2)
      expect(held).toMatchObject([{ end }])
      expect(held[0]!.outputTokens).toBe(output)
      expect(held[0]!.verdict).toBe(isBefore(20) && onHangUp === 'stop' ? undefined : 'admitted')
      const charged = output === undefined ? 0 : prompt + output
      const [, level] = made.provider.accounts.get('a')!.quota('m')!.levels(35)
      expect(level!.used).toBe(prompt + answer + charged)
      expect(made.inFlight).toBe(0)
    },
  )
})

describe('a client that leaves before the error of its request is written', () => {
  const cases = (['stop', 'finish'] as const).flatMap((onHangUp) =>
    (['limit', 'fault'] as const).map((by) => ({ onHangUp, by })),
  )
  test.each(cases)('ends once, onHangUp $onHangUp, by a $by', async ({ onHangUp, by }) => {
    const clock = virtualClock()
    const ended: RequestRecord[] = []
    const made = mock({
      timeline: clock,
      profile: profileOf({ m: by === 'limit' ? [tokens(prompt - 1)] : [] }),
      accounts: [{ name: 'a', keys: [key] }],
      faults: by === 'fault' ? [{ when: 'always', do: { error: 'tokens' } }] : [],
      wire: { errorPlacement: 'mid-stream', answerTokens: answer },
      switches: { ...calm, firstToken: 5, onHangUp },
      ended: (record) => ended.push(record),
    })
    const { hangUp } = made.handle(chat({ stream: true }))
    clock.after(2, hangUp)
    await clock.run(clock.sleep(1000))
    expect(ended).toMatchObject([{ end: 'left', endedAt: 2 }])
    expect(made.inFlight).toBe(0)
  })

  test('ends once when it leaves while the last frame is written', async () => {
    const clock = virtualClock()
    const ended: RequestRecord[] = []
    const made = mock({
      timeline: clock,
      profile: profileOf({ m: [] }),
      accounts: [{ name: 'a', keys: [key] }],
      faults: [{ when: 'always', do: { error: 'tokens', placement: 'mid-stream' } }],
      switches: calm,
      ended: (record) => ended.push(record),
    })
    const { answer: answered, hangUp } = made.handle(chat({ stream: true }))
    answered.then((each) => {
      if (each.kind === 'stream') each.start({ write: () => {}, end: hangUp, break: hangUp })
    })
    await clock.run(clock.sleep(1000))
    expect(ended).toHaveLength(1)
  })
})
