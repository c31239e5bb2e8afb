import { fc, test as property } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { RequestRecord } from '../../../../sim/wire/request-record.ts'
import type { Switches } from '../../../../src/scenario/switches.ts'
import { chat, lab, type ReadAnswer, read } from '../../mock-rig.ts'
import { chunksOf } from '../protocols/protocol-rig.ts'

const answerTokens = 40

function labOf(ended: (record: RequestRecord) => void, onHangUp: Switches['onHangUp'] = 'stop') {
  return lab({ wire: { answerTokens, answerSpread: 0, frameTokens: 3 }, switches: { firstToken: 7, onHangUp }, ended })
}

/** The text of an answer, whole or streamed. */
function textOf({ answer, pieces }: ReadAnswer): string {
  const body = pieces.map(([, text]) => text).join('')
  if (answer.kind === 'whole') return JSON.parse(body).choices[0].message.content
  return chunksOf(body)
    .map(({ choices }) => choices[0]?.delta.content ?? '')
    .join('')
}

describe('a whole reply and a streamed one', () => {
  property.prop([fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 2 * answerTokens })])(
    'have the same text, and are charged and recorded alike',
    async (content, maxTokens) => {
      const outcomes = []
      for (const stream of [false, true]) {
        let record: RequestRecord | undefined
        const made = labOf((each) => {
          record = each
        })
        const seen = await made.clock.run(read(made, { model: 'qwen-plus', stream, content, maxTokens }))
        const { isStream, ...recorded } = record!
        expect(isStream).toBe(stream)
        outcomes.push({ text: textOf(seen), recorded, spent: made.mock.provider.accounts.get('a')!.wallet.spent() })
      }
      expect(outcomes[0]).toEqual(outcomes[1])
      expect(outcomes[0]!.spent).toBeGreaterThan(0)
      expect(outcomes[0]!.recorded.outputTokens).toBe(Math.min(maxTokens, answerTokens))
    },
  )

  property.prop([fc.nat(60), fc.constantFrom('stop', 'finish')])(
    'are charged alike when their client hangs up, and no slot stays taken when the provider stops',
    async (after, onHangUp) => {
      const records: RequestRecord[] = []
      for (const stream of [false, true]) {
        const made = labOf((record) => records.push(record), onHangUp)
        const { hangUp } = made.mock.handle(chat({ stream }))
        await made.clock.run(made.clock.sleep(after))
        hangUp()
        expect(made.mock.inFlight).toBe(onHangUp === 'finish' && after < 47 ? 1 : 0)
        await made.clock.run(made.clock.sleep(100))
      }
      const [whole, streamed] = records.map(({ end, outputTokens, endedAt }) => ({ end, outputTokens, endedAt }))
      expect(whole).toEqual(streamed)
      expect(records).toHaveLength(2)
      // The first token is ready after 7 ms, the last 40 ms later, the others evenly between them.
      const readyAt = Array.from({ length: answerTokens }, (_, i) => 7 + Math.round((40 * i) / (answerTokens - 1)))
      const ready = readyAt.filter((at) => at <= after).length
      expect(whole!.outputTokens).toBe(onHangUp === 'finish' ? answerTokens : ready)
      expect(whole!.endedAt).toBe(onHangUp === 'finish' ? 47 : Math.min(after, 47))
      expect(whole!.end).toBe(after < 47 ? 'left' : 'answered')
    },
  )
})
