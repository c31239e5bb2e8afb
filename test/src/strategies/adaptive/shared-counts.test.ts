import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { expect } from 'vitest'
import { SharedCounts } from '../../../../src/strategies/adaptive/shared-counts.ts'

const event = fc.record({
  gap: fc.oneof(fc.nat(3000), fc.nat(40_000)),
  client: fc.nat(2),
  kind: fc.constantFrom('sent' as const, 'answered' as const, 'throttled' as const),
})

property.prop([fc.nat(5000), fc.array(event, { maxLength: 50 })])(
  'tells of the last complete window what a list of all events tells',
  (start, events) => {
    const counts = new SharedCounts(start)
    const clients = [0, 1, 2].map(() => counts.clientOf())
    const all: { window: number; client: number; kind: string }[] = []
    let now = start
    for (const { gap, client, kind } of events) {
      now += gap
      const window = Math.floor((now - start) / 10_000)
      clients[client]![kind](now)
      all.push({ window, client, kind })
      const of = (at: number, what: string) => all.filter((each) => each.window === at && each.kind === what)
      const sent = of(window - 1, 'sent')
      const active = new Set(sent.map((each) => each.client))
      const answered = Array.from({ length: window }, (_, each) => of(each, 'answered').length)
      expect(clients[client]!.report(now)).toEqual({
        windows: window,
        sent: sent.filter((each) => each.client === client).length,
        mean: active.size === 0 ? 0 : sent.length / active.size,
        clients: active.size,
        throttled: of(window - 1, 'throttled').length,
        serverPerMinute: Math.max(6, ...answered.map((count) => count * 6)),
      })
    }
  },
)
