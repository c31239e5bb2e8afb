import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { failedReply, okReply, throttleAlways, throttledReply } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, exampleCall, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { llmD } from '../../../../src/strategies/adaptive/llm-d.ts'
import { watched } from '../watched.ts'

const replies = { ok: okReply(), '429': throttledReply(), '500': failedReply(500, true), '408': failedReply(408, true) }
const outcome = fc.oneof(
  { weight: 12, arbitrary: fc.constant('ok' as const) },
  { weight: 1, arbitrary: fc.constantFrom('429' as const, '500' as const, '408' as const) },
)

property.prop([fc.array(outcome, { maxLength: 120 })])(
  'halves for a 429 or a 5xx, and adds 1 for as many answers as the limit without a cut between them',
  async (outcomes) => {
    const { strategy, state } = watched(llmD({ start: 8, least: 3, most: 12 }))
    const rig = strategyRig({ strategy, script: (call) => replies[outcomes[call.id]!] })
    for (const id of outcomes.keys()) await rig.run([{ at: id * 10, call: exampleCall(id, { deadline: id * 10 + 1 }) }])
    // By runs: the outcomes between two that cut.
    let limit = 8
    for (const run of outcomes.join(' ').split(/(?<=429|500)/)) {
      let answers = run.split('ok').length - 1
      while (answers >= limit) {
        answers -= limit
        limit = Math.min(12, limit + 1)
      }
      if (/429|500/.test(run)) limit = Math.max(3, Math.floor(limit / 2))
    }
    if (outcomes.length > 0) expect(state('llmD').limit).toBe(limit)
  },
)

test('keeps as many in flight as the limit', async () => {
  const rig = strategyRig({ strategy: llmD({ start: 7 }), script: () => okReply(), serviceTime: 1000 })
  await rig.run(callsAtOnce(15))
  expect(rig.instants()).toEqual([...Array(7).fill(0), ...Array(8).fill(1000)])
})

test('retries wait with full jitter', async () => {
  const rig = strategyRig({ strategy: llmD(), script: throttleAlways })
  await rig.run(callsAtOnce(1, 0, { deadline: 60_000 }))
  const waits = rig.instants().map((at, i, all) => at - (all[i - 1] ?? 0))
  expect(waits.length).toBeGreaterThan(3)
  for (const [k, wait] of waits.slice(1).entries()) expect(wait).toBeLessThanOrEqual(1000 * 2 ** k)
})

test('is named after its options and checks them', () => {
  expect(llmD().name).toBe('llmD(100, 5..100)')
  expect(() => llmD({ least: 0 })).toThrow('Expected `least` to be >= 1, got 0')
})
