import { describe, expect, test } from 'vitest'
import { gatewayCard } from '../../../cli/gateway/command.ts'
import { readGatewayFlags } from '../../../cli/gateway/flags.ts'

const { config } = readGatewayFlags({
  host: '0.0.0.0',
  customerLimit: 'rpm:60,tpm:100000',
  outages: '10m/30s',
  upstreamKey: [],
  customer: [{ place: '--customer', text: 'ada=sk-secret' }],
  modelLimit: [],
})
const origin = 'http://127.0.0.1:8421'

describe('the start-up card of the gateway', () => {
  test.each([40, 60, 80, 100, 120, 200])('fits %i columns and never breaks its address', (width) => {
    const card = gatewayCard(origin, config, width)
    for (const line of card.split('\n')) {
      expect(line.length, line).toBeLessThanOrEqual(width)
      expect(line).toBe(line.trimEnd())
    }
    expect(card).toContain(`${origin}/v1`)
    expect(card).toContain('ada')
    expect(card).not.toContain('secret')
    expect(card.replace(/\s+/g, ' ')).toContain(
      'Customer cap RPM 60 · TPM 100,000, for each customer Hop 0 ms each way',
    )
    expect(card.replace(/\s+/g, ' ')).toContain(
      'Outages 600 s up, 30 s down, on average Note: customers’ keys and prompts pass over the network to 0.0.0.0',
    )
  })
})
