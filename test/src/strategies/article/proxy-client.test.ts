import { expect, test } from 'vitest'
import { failedReply, throttleAlways } from '../../../../contracts/provider-script.ts'
import { callsAtOnce, strategyRig } from '../../../../contracts/strategy-rig.ts'
import { articleProxyClient } from '../../../../src/strategies/article/proxy-client.ts'

const proxy = { endpoint: 'https://proxy', key: 'proxied' }

test('sends to the proxy with its key, and waits 2^k seconds without jitter: the herd stays together', async () => {
  const lab = strategyRig({ strategy: articleProxyClient(proxy), script: throttleAlways })
  const outcomes = await lab.run(callsAtOnce(2))
  expect(lab.instants()).toEqual([0, 0, 1000, 1000, 3000, 3000])
  for (const { call } of lab.attempts) expect(call.target).toEqual({ ...proxy, model: 'qwen3-max' })
  expect(outcomes[1]).toMatchObject({ at: 3000, reply: { kind: 'throttled' } })
})

test('retries nothing but a 429', async () => {
  const lab = strategyRig({ strategy: articleProxyClient(proxy), script: () => failedReply(500, true) })
  await lab.run(callsAtOnce(1))
  expect(lab.attempts).toHaveLength(1)
})

test('is named after its options, never its key, and checks them', () => {
  expect(articleProxyClient(proxy).name).toBe('articleProxyClient(https://proxy, 3)')
  expect(() => articleProxyClient({ ...proxy, endpoint: '' })).toThrow(
    'Expected `endpoint` to be a non-empty string, got ""',
  )
  expect(() => articleProxyClient({ ...proxy, key: '' })).toThrow('Expected `key` to be a non-empty string')
  expect(() => articleProxyClient({ ...proxy, attempts: 1.5 })).toThrow(
    'Expected `attempts` to be a whole number >= 1 and <= 31, got 1.5',
  )
})
