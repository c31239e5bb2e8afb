import { once } from 'node:events'
import { type MockOptions, mock } from '../sim/mock/mock.ts'
import { wallTimeline } from '../sim/time/wall-timeline.ts'
import { quantile, sorted } from '../src/compare/statistics.ts'
import { type Load, load } from './load.ts'
import { type ServerProcess, serverProcess } from './server-process.ts'

const path = '/compatible-mode/v1/chat/completions'
const headers = { authorization: 'Bearer sk-ratelab' }
const model = 'qwen3-max'
const question = { model, messages: [{ role: 'user', content: 'Why is the sky blue? '.repeat(20) }] }

/** No request is denied, and the model answers within a millisecond, which is the least. So the cost of a request itself is measured. */
const admitting = {
  limits: limits(1e9),
  switches: { firstToken: 1, tokensPerSecond: 1e6, latencySpread: 0, burstGuard: false },
}
/** The same windows with a limit of 1, so that nearly every request is denied. */
const denying = { ...admitting, limits: limits(1) }

function limits(limit: number): MockOptions['limits'] {
  return {
    [model]: [
      { rule: 'rps', limit, window: 1000 },
      { rule: 'rpm', limit, window: 60_000 },
      { rule: 'tpm', limit: Math.max(limit, 1e6), window: 60_000 },
    ],
  }
}

/** A server and the request that it gets. */
interface Candidate {
  readonly name: string
  readonly port: number
  readonly body: string
}

/** Measures requests a second of the mock, of a bare server and of another mock, in turn, with 64 connections. */
export async function wire(): Promise<void> {
  const started: ServerProcess[] = []
  const start = async (server: string, argument: string): Promise<number> => {
    const process = await serverProcess(server, argument)
    started.push(process)
    return process.port
  }
  try {
    const wire = { answerTokens: 84, answerSpread: 0, frameTokens: 4 }
    const ours = await start('ours', JSON.stringify({ ...admitting, wire }))
    const json = JSON.stringify(question)
    const sse = JSON.stringify({ ...question, stream: true })
    const reply = await ask(ours, json)
    const frames = (await ask(ours, sse)).split(/(?<=\n\n)/)
    const text: string = JSON.parse(reply).choices[0].message.content
    const plain = [
      { name: 'ratelab, 200', port: ours, body: json },
      { name: 'bare node:http', port: await start('bare', reply), body: json },
      { name: 'aimock', port: await start('aimock', text), body: json },
    ]
    const streamed = [
      { name: 'ratelab', port: ours, body: sse },
      { name: 'bare node:http', port: await start('bare', JSON.stringify(frames)), body: sse },
    ]
    await table('JSON chat, limits live, 64 connections, requests a second:', plain)
    const kinds = [
      ['200', { ...admitting, wire }],
      ['429', { ...denying, wire }],
    ] as const
    await processorTime(json, kinds)
    await serverTime(json, kinds)
    await table(`SSE chat, ${frames.length} frames a reply, 64 connections, replies a second:`, streamed)
  } finally {
    for (const { child } of started) child.kill()
  }
}

async function ask(port: number, body: string): Promise<string> {
  const init = { method: 'POST', headers, body }
  return (await fetch(`http://127.0.0.1:${port}${path}`, init)).text()
}

/**
 * Measures the processor time of a request in the mock itself, without sockets. Over sockets at full speed several replies leave
 * together and share their system calls, which would hide the difference.
 */
async function processorTime(
  body: string,
  kinds: readonly (readonly [name: string, options: object])[],
): Promise<void> {
  console.log('Processor time of the mock without sockets, microseconds a request:')
  for (const [name, options] of kinds) {
    const timeline = wallTimeline()
    const provider = mock({ timeline, ...options })
    const header = (field: string) => (field === 'authorization' ? headers.authorization : undefined)
    const ask64 = () =>
      Array.from({ length: 64 }, () => provider.handle({ method: 'POST', path, query: '', header, body }).answer)
    for (let round = 0; round < 300; round++) await Promise.all(ask64())
    const rounds = 1000
    const before = process.cpuUsage()
    for (let round = 0; round < rounds; round++) await Promise.all(ask64())
    const { user, system } = process.cpuUsage(before)
    timeline.stop()
    console.log(`  ${name}  ${((user + system) / (64 * rounds)).toFixed(1).padStart(5)}`)
  }
}

/** Measures the processor time of a reply over HTTP, at the same rate for all kinds of reply. */
async function serverTime(body: string, kinds: readonly (readonly [name: string, options: object])[]): Promise<void> {
  const perSecond = 3000
  console.log(`Processor time of the server, microseconds a reply, at ${perSecond} a second:`)
  for (const [name, options] of kinds) {
    const { port, child } = await serverProcess('ours', JSON.stringify(options))
    const used = async () => {
      const reply = once(child, 'message')
      child.send('processor time')
      return Number((await reply)[0])
    }
    const request = { port, path, body, headers, connections: 64, perSecond }
    await load({ ...request, seconds: 2 })
    const before = await used()
    const { replies } = await load({ ...request, seconds: 4 })
    console.log(`  ${name}  ${(((await used()) - before) / replies).toFixed(0).padStart(5)}`)
    child.kill()
  }
}

/**
 * Measures the candidates in turn, in five rounds after a warm-up. Prints the median rate of each, and the median over the rounds
 * of the ratio of the first candidate's rate to it.
 */
async function table(title: string, candidates: readonly Candidate[]): Promise<void> {
  const rates = candidates.map((): number[] => [])
  const once = (candidate: Candidate, seconds: number) =>
    load({ ...candidate, path: pathOf(candidate), headers, connections: 64, seconds } satisfies Load)
  for (const candidate of candidates) await once(candidate, 2)
  for (let round = 0; round < 5; round++)
    for (const [i, candidate] of candidates.entries()) rates[i]!.push((await once(candidate, 2)).perSecond)
  console.log(title)
  for (const [i, { name }] of candidates.entries()) {
    const ratios = rates[0]!.map((first, round) => first / rates[i]![round]!)
    const compared = i === 0 ? '' : `  ${candidates[0]!.name} ÷ this: ${quantile(sorted(ratios), 0.5).toFixed(2)}`
    console.log(
      `  ${name.padEnd(16)} ${Math.round(quantile(sorted(rates[i]!), 0.5))
        .toLocaleString('en')
        .padStart(8)}${compared}`,
    )
  }
}

function pathOf({ name }: Candidate): string {
  return name === 'aimock' ? '/v1/chat/completions' : path
}
