import { connect } from 'node:net'
import type { RequestRecord } from '../sim/wire/request-record.ts'
import { quantile, sorted } from '../src/compare/statistics.ts'
import { serverProcess } from './server-process.ts'

const streams = 1000

interface StreamReply {
  readonly id: string
  /** From the request to the first byte of the reply, which comes with the first token. In real milliseconds. */
  readonly firstByte: number
  readonly isWhole: boolean
}

/** Measures 1,000 streams at the same time, in real time: the delay of the first token against the instant that the model gave it. */
export async function manyStreams(): Promise<void> {
  const limits = {
    'qwen3-max': [
      { rule: 'rps', limit: 1e6, window: 1000 },
      { rule: 'tpm', limit: 1e9, window: 60_000 },
    ],
  }
  const options = {
    sendsRecords: true,
    limits,
    switches: { burstGuard: false },
    wire: { answerTokens: 600, answerSpread: 0 },
  }
  const { port, child } = await serverProcess('ours', JSON.stringify(options))
  const planned = new Map<string, number>()
  let mostOpen = 0
  let open = 0
  child.on('message', (record: RequestRecord) => planned.set(record.id, record.firstTokenAt! - record.arrivedAt))
  // This warms the server up, so that the time of compilation is not measured.
  for (let round = 0; round < 20; round++) await Promise.all(Array.from({ length: 20 }, (_, i) => stream(port, -i, 40)))
  const replies = await Promise.all(
    Array.from({ length: streams }, async (_, i) => {
      // All streams start within five seconds. Each takes about ten seconds.
      await new Promise((resolve) => setTimeout(resolve, i * 5))
      mostOpen = Math.max(mostOpen, ++open)
      const reply = await stream(port, i)
      open--
      return reply
    }),
  )
  await new Promise((resolve) => setTimeout(resolve, 200))
  child.kill()
  const delays = sorted(replies.map(({ id, firstByte }) => firstByte - planned.get(id)!))
  const at = (share: number) => quantile(delays, share).toFixed(1)
  const complete = replies.filter(({ isWhole }) => isWhole).length
  console.log(`${streams} streams, up to ${mostOpen} at once, ${complete} complete:`)
  console.log(
    `  first token, real − model: median ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`,
  )
}

/** Reads a stream from a raw socket, because a client that parses every frame would add a delay of its own. */
function stream(port: number, i: number, maxTokens = 600): Promise<StreamReply> {
  const messages = [{ role: 'user', content: `Question ${i}` }]
  const body = JSON.stringify({ model: 'qwen3-max', stream: true, max_tokens: maxTokens, messages })
  const head = [
    'POST /compatible-mode/v1/chat/completions HTTP/1.1',
    'host: 127.0.0.1',
    'authorization: Bearer sk-ratelab',
    'connection: close',
    `content-length: ${body.length}`,
  ]
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let sent = 0
    let firstByte = Number.NaN
    let id = ''
    let end = ''
    socket.on('connect', () => {
      sent = performance.now()
      socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
    })
    socket.on('data', (data: Buffer) => {
      if (Number.isNaN(firstByte)) {
        firstByte = performance.now() - sent
        id = /x-request-id: (\S+)/i.exec(data.toString('latin1'))![1]!
      }
      end = (end + data.toString('latin1', Math.max(0, data.length - 40))).slice(-40)
    })
    socket.on('end', () => resolve({ id, firstByte, isWhole: end.includes('data: [DONE]\n\n') }))
    socket.on('error', reject)
  })
}
