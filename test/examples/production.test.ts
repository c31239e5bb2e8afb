import { setupServer } from 'msw/node'
import { handlers } from 'ratelab/msw'
import { expect, test, vi } from 'vitest'

test('the example of production asks all its questions, in real time', async () => {
  const limits = { 'qwen-plus': [{ rule: 'rps' as const, limit: 10, window: 1000 }] }
  const dashscope = handlers({
    baseUrls: ['http://127.0.0.1:8420'],
    limits,
    switches: { firstToken: 0, burstGuard: false },
  })
  const server = setupServer(...dashscope)
  server.listen({ onUnhandledFrame: 'error' })
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  try {
    await import('../../examples/production.ts')
    expect(log).toHaveBeenLastCalledWith('30 answers', expect.objectContaining({ waiting: 0, inFlight: 0 }))
    expect(dashscope.mock.journal.entries().filter(({ status }) => status === 200)).toHaveLength(30)
  } finally {
    log.mockRestore()
    server.close()
  }
})
