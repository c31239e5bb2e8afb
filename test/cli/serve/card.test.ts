import { describe, expect, test } from 'vitest'
import { type ServeFacts, serveCard, serveCardJson } from '../../../cli/serve/card.ts'
import { altered } from '../../../sim/profiles/altered.ts'
import { intl } from '../../../sim/profiles/intl.ts'

const limits = { 'qwen3-max': [{ rule: 'rps', limit: 500, window: 6000 }], own: [] } as const
const facts: ServeFacts = {
  origin: 'http://127.0.0.1:8420',
  port: 8420,
  config: {
    limits,
    switches: { window: 'fixed', firstToken: 600 },
    speed: 60,
    background: [
      {
        account: 'main',
        model: 'qwen-max',
        arrivals: { kind: 'at-once', calls: 1 },
        lengths: { kind: 'shape', shape: 'chat' },
        maxTokens: 1,
      },
    ],
    faults: [{ when: 'always', do: { delay: 1 } }],
  },
  profile: altered(intl, limits),
  accounts: [
    { name: 'main', keys: ['sk-1', 'sk-2', 'sk-3', 'sk-4', 'sk-5'], freeTokens: 1_000_000 },
    { name: 'owing', keys: ['sk-6'], arrears: true },
  ],
  isVerbose: false,
  notes: ['The port is open.'],
}

describe('the start-up card', () => {
  const card = serveCard(facts, 120)

  test('begins with the address at which the server listens', () => {
    expect(card.split('\n')[0]).toBe(
      'ratelab: a mock DashScope listens on http://127.0.0.1:8420 (International (Singapore), 60 times real time, seed 1)',
    )
  })

  test('shows limits, keys, the state of accounts and notes', () => {
    expect(card).toMatch(/^ {2}qwen3-max +500 requests\/6 s$/m)
    expect(card).toMatch(/^ {2}own +none$/m)
    expect(card).toMatch(/^ {2}main +sk-1, sk-2, sk-3 and 2 more +1,000,000 free tokens a model$/m)
    expect(card).toMatch(/^ {2}owing +sk-6 +in arrears$/m)
    expect(card).toContain('Background: 1 in the config')
    expect(card).toContain('Faults: 1 in the plan')
    expect(card).toContain('Note: The port is open.')
  })

  test('describes a switch only when its value is not the default, and lists the values of all assumptions', () => {
    expect(card).toMatch(/^ {2}window +fixed +instead of sliding: /m)
    expect(card).not.toMatch(/firstToken +600/)
    expect(card).toContain('window=fixed gridPhase=seed')
    // Where an error appears is a fact, not an assumption.
    expect(card).not.toContain('errorPlacement=')
  })

  test('shows snapshots of models only when it is verbose', () => {
    expect(card).not.toContain('qwen3-max-preview')
    expect(serveCard({ ...facts, isVerbose: true }, 120)).toContain('qwen3-max-preview')
  })

  test.each([40, 60, 80, 100, 120, 200])('fits %i columns, but for addresses and the code to copy', (width) => {
    const lines = serveCard(facts, width).split('\n')
    const text = lines.slice(0, lines.indexOf('Try it:'))
    for (const line of text) {
      expect(line).toBe(line.trimEnd())
      if (line.trim().includes(' ')) expect(line.length, line).toBeLessThanOrEqual(width)
    }
    expect(text.join('\n')).toContain('http://127.0.0.1:8420/compatible-mode/v1/responses')
    // The code is the same at any width, so that it can be copied.
    expect(lines.slice(text.length)).toEqual(card.split('\n').slice(card.split('\n').indexOf('Try it:')))
  })

  test('can be one line of JSON', () => {
    const json = serveCardJson(facts)
    expect(json.trimEnd()).not.toContain('\n')
    expect(JSON.parse(json)).toMatchObject({
      port: 8420,
      baseUrls: { openai: 'http://127.0.0.1:8420/compatible-mode/v1', dashscope: 'http://127.0.0.1:8420/api/v1' },
      keys: { owing: ['sk-6'] },
      limits: { own: [] },
    })
  })
})
