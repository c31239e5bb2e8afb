import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { Admission, Provider } from '../../../sim/provider/provider.ts'
import { batchEndpoint, longestBatchWait } from '../../../src/scenario/batch-chat.ts'
import { ask, callTo, providerOf, requests, tokens, verdictOf } from '../rig.ts'

const endpoint = batchEndpoint
const batch = { target: callTo({ endpoint }).target }
function admitted(provider: Provider, id = 0, output = 100): Admission {
  const decision = provider.admit(callTo({ endpoint }, id), output, 0)
  if (decision.kind !== 'admitted') throw new Error(verdictOf(decision))
  return decision.admission
}

describe('Batch Chat', () => {
  const limits = [requests(1), tokens(50)]

  test('is outside of all limits, the burst guard and those on requests in flight too, and takes nothing of them', () => {
    const provider = providerOf({ limits, switches: { inFlightLimit: 1, burstGuard: true, rejectsCount: true } })
    for (let i = 0; i < 5; i++) expect(ask(provider, 0, batch, 1000)).toBe('admitted')
    const admission = admitted(provider)
    provider.complete(admission, 10)
    provider.release(admission, 10)
    expect(
      provider.accounts
        .get('a')!
        .quota('m')!
        .levels(10)
        .map(({ used }) => used),
    ).toEqual([0, 0, 0, 0, 0])
    expect([ask(provider, 10), ask(provider, 10)]).toEqual(['admitted', 'rpm'])
    expect(ask(provider, 10, batch)).toBe('admitted')
  })

  property.prop([fc.nat(1e6)])('keeps a call waiting for up to an hour, whatever came before', (id) => {
    const provider = providerOf({ limits })
    const online = provider.service(id, 100)
    const { service } = admitted(provider, id)
    const wait = service.total - online.total
    expect(wait).toBeGreaterThanOrEqual(0)
    expect(wait).toBeLessThanOrEqual(longestBatchWait)
    expect(service.firstToken - online.firstToken).toBe(wait)
    expect(admitted(provider, id).service).toEqual(service)
  })

  test('waits are spread evenly over the hour', () => {
    const provider = providerOf({ limits })
    const waits = Array.from({ length: 4000 }, (_, id) => admitted(provider, id).service.firstToken / longestBatchWait)
    for (const quarter of [0, 1, 2, 3]) {
      const share = waits.filter((wait) => Math.floor(wait * 4) === quarter).length / waits.length
      expect(Math.abs(share - 0.25)).toBeLessThan(0.03)
    }
  })

  test('has half the price, and no free quota', () => {
    const prices = [{ upTo: Infinity, input: 2, output: 4 }]
    const spend = (target: object, account: object = {}) => {
      const accounts = [{ name: 'a', keys: ['k'], ...account }]
      const provider = providerOf({ accounts, limits: [] })
      const row = provider.accounts.get('a')!.quota('m')!.row
      Object.assign(row, { prices })
      const decision = provider.admit(callTo(target), 100, 0)
      return decision.kind === 'admitted' ? provider.complete(decision.admission, 9) : verdictOf(decision)
    }
    expect(spend({ endpoint })).toBe((spend({}) as number) / 2)
    expect(spend({}, { freeTokens: 1000 })).toBe(0)
    expect(spend({ endpoint }, { freeTokens: 1000 })).toBe(spend({ endpoint }))
    expect(spend({ endpoint }, { freeTokens: 1000, payable: false })).toBe('free')
    expect(spend({ endpoint }, { arrears: true })).toBe('refused')
  })
})
