import { fc, test as property } from '@fast-check/vitest'
import { afterAll, describe, expect } from 'vitest'
import type { Bodies } from '../../../sim/control/bodies.ts'
import type { Handling } from '../../../sim/wire/exchange.ts'
import { changes, mutated } from '../../schemas/mutations.ts'
import { valuesOf } from '../../schemas/schema-values.ts'
import { chat, key } from '../mock-rig.ts'
import { fields, mismatch, openApi, source } from './documented.ts'
import { type Door, door, still } from './door.ts'

const actions = ['reset', 'limits', 'quota', 'billing', 'clock', 'faults'] satisfies (keyof Bodies)[]

/** Bodies that the document describes, each with the action that takes it. */
const right = fc.oneof(
  ...actions.map((action) => {
    const { schema } = openApi.paths[`/_ratelab/${action}`]!.post!.requestBody!.content['application/json']!
    return valuesOf(schema, source).map((body) => ({ action, body }))
  }),
)

/** Such bodies with changes, which most actions refuse. */
const wrong = fc
  .tuple(right, changes(fields))
  .map(([{ action, body }, made]) => ({ action, body: mutated(body, made) }))

/** Sends the body of an action as JSON. Fails if the reply is not documented. */
async function act({ ask }: Door, { action, body }: { readonly action: string; readonly body: unknown }) {
  const [status, reply] = await ask('POST', action, JSON.stringify(body))
  expect(mismatch('POST', `/_ratelab/${action}`, status, reply)).toBeUndefined()
  return status
}

describe('an action that is refused', () => {
  const made = still()
  afterAll(() => made.timeline.stop())
  const at = door(made)
  for (const stream of [true, false, true]) made.mock.handle(chat({ stream }))
  /** All that the control plane shows. */
  const shown = async () => {
    const pages = ['state', 'journal', 'metrics'].map((path) => at.ask('GET', path))
    return (await Promise.all(pages)).map(([, page]) => page)
  }

  property.prop([fc.oneof(wrong, wrong, right)], { numRuns: 200 })(
    'has changed nothing',
    async (tried) => {
      const before = await shown()
      const status = await act(at, tried)
      if (status !== 200) expect(await shown()).toEqual(before)
      made.timeline.setSpeed(0)
    },
    60_000,
  )
})

describe('actions among requests under way', () => {
  const step = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        stream: fc.boolean(),
        model: fc.constantFrom('m', 'qwen-plus', 'nobody'),
        key: fc.constantFrom(key, 'sk-w'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ hangUp: fc.nat(9) }) },
    { weight: 2, arbitrary: fc.record({ advance: fc.constantFrom(1, 10, 500, 60_000) }) },
    { weight: 3, arbitrary: right },
    { weight: 1, arbitrary: wrong },
  )

  property.prop([fc.array(step, { maxLength: 30 })], { numRuns: 60 })(
    'end each request once, count each end once, and are always as documented',
    async (steps) => {
      const made = still()
      const at = door(made)
      const begun: Handling[] = []
      let ended = 0
      let endedBeforeReset = 0
      made.mock.watch(() => ended++)
      for (const each of steps) {
        if ('hangUp' in each) begun[each.hangUp]?.hangUp()
        else if ('advance' in each) await act(at, { action: 'clock', body: each })
        else if ('action' in each) {
          // Time stays still, so that every step has its instant, and the clock can always be moved.
          const status = await act(at, each)
          made.timeline.setSpeed(0)
          if (each.action === 'reset' && status === 200) endedBeforeReset = ended
        } else {
          const handling = made.mock.handle(chat(each))
          begun.push(handling)
          handling.answer.then(
            (answer) => answer.kind === 'stream' && answer.start({ write() {}, end() {}, break() {} }),
          )
        }
        await new Promise(setImmediate)
        const [[, state], [, health]] = await Promise.all([at.ask('GET', 'state'), at.ask('GET', 'healthz')])
        expect(mismatch('GET', '/_ratelab/state', 200, state)).toBeUndefined()
        const { inFlight, waiting } = state.requests as { readonly inFlight: number; readonly waiting: number }
        expect([inFlight + waiting, health.inFlight]).toEqual([begun.length - ended, begun.length - ended])
      }
      for (let i = 0; i < 3; i++) {
        made.timeline.advance(31_536_000_000)
        await new Promise(setImmediate)
      }
      expect(ended).toBe(begun.length)
      const metrics = String((await at.ask('GET', 'metrics'))[1])
      const counts = [...metrics.matchAll(/^ratelab_requests_total\{.*\} (\d+)$/gm)].map(([, count]) => Number(count))
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(ended - endedBeforeReset)
      made.timeline.stop()
    },
    60_000,
  )
})
