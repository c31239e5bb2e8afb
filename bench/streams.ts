import { Agent, request } from 'node:http'
import type { RequestRecord } from '../sim/wire/request-record.ts'
import { quantile, sorted } from '../src/harness/statistics.ts'
import { serverProcess } from './server-process.ts'

const streams = 1000

interface Heard {
  readonly id: string
  /** Real milliseconds from the request to the first byte of the body. */
  readonly firstByte: number
  readonly isWhole: boolean
}

/** A thousand streams at once, at the speed of the wall: how far the first token is from where the model put it. */
export async function manyStreams(): Promise<void> {
  const limits = {
    'qwen3-max': [
      { rule: 'rps', limit: 1e6, window: 1000 },
      { rule: 'tpm', limit: 1e9, window: 60_000 },
    ],
  }
  const options = { tells: true, limits, switches: { burstGuard: false }, wire: { answerTokens: 600, answerSpread: 0 } }
  const { port, child } = await serverProcess('ours', JSON.stringify(options))
  const planned = new Map<string, number>()
  let most = 0
  let open = 0
  child.on('message', (record: RequestRecord) => planned.set(record.id, record.firstTokenAt! - record.arrivedAt))
  const agent = new Agent({ maxSockets: streams, keepAlive: true })
  const heard = await Promise.all(
    Array.from({ length: streams }, async (_, i) => {
      // All within five seconds; each takes some ten.
      await new Promise((resolve) => setTimeout(resolve, i * 5))
      most = Math.max(most, ++open)
      const one = await stream(port, agent, i)
      open--
      return one
    }),
  )
  await new Promise((resolve) => setTimeout(resolve, 200))
  child.kill()
  const late = heard.map(({ id, firstByte }) => firstByte - planned.get(id)!)
  const at = (share: number) => quantile(sorted(late), share).toFixed(1)
  console.log(`${streams} streams, up to ${most} at once, ${heard.filter(({ isWhole }) => isWhole).length} complete:`)
  console.log(`  first token, real − model: median ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`)
}

function stream(port: number, agent: Agent, i: number): Promise<Heard> {
  const body = JSON.stringify({
    model: 'qwen3-max',
    stream: true,
    messages: [{ role: 'user', content: `Question ${i}` }],
  })
  return new Promise((resolve, reject) => {
    const sent = performance.now()
    const asked = request(
      {
        port,
        agent,
        method: 'POST',
        path: '/compatible-mode/v1/chat/completions',
        headers: { authorization: 'Bearer sk-ratelab' },
      },
      (reply) => {
        let firstByte = Number.NaN
        let end = ''
        reply.on('data', (data: Buffer) => {
          if (Number.isNaN(firstByte)) firstByte = performance.now() - sent
          end = (end + data.toString('latin1')).slice(-20)
        })
        const id = String(reply.headers['x-request-id'])
        reply.on('end', () => resolve({ id, firstByte, isWhole: end.endsWith('data: [DONE]\n\n') }))
        reply.on('error', reject)
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })
}
