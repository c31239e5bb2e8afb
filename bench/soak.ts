import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { quantile, sorted } from '../src/compare/statistics.ts'
import type { Limit } from '../src/core/limit.ts'
import { hash } from '../src/core/random.ts'
import { type LoadResult, load } from './load.ts'
import { serverProcess } from './server-process.ts'

interface Sample {
  readonly ended: number
  readonly ids: number
  readonly fullest: number
  readonly heap: number
  readonly rss: number
}

const request = {
  path: '/compatible-mode/v1/chat/completions',
  headers: { authorization: 'Bearer sk-ratelab' },
  body: JSON.stringify({
    model: 'qwen3-max',
    messages: [{ role: 'user', content: 'Why is the sky blue? '.repeat(20) }],
  }),
  connections: 64,
}

/**
 * Sends a load at 80 % of the server's capacity for some minutes; the limit admits about half of it. Checks that no reply is lost
 * or doubled, that no window exceeds its limit, and that memory does not grow. The exit code is 1 when a check fails.
 * `npm run soak -- 10` takes ten minutes. Default: 1.
 */
async function soak(minutes: number): Promise<boolean> {
  const capacity = await measureCapacity()
  const perSecond = Math.round(0.8 * capacity)
  const limit: Limit = { rule: 'rps', limit: Math.round(0.4 * capacity), window: 1000 }
  console.log(
    `${minutes} min at ${perSecond} requests a second (80 % of ${Math.round(capacity)}), limit ${limit.limit} a second`,
  )
  const { port, child } = await serverProcess('soaked', optionsWith(limit))
  let ids = 0
  const onHead = (head: string) => {
    ids = (ids + hash(/x-request-id: (\S+)/.exec(head)?.[1] ?? '')) >>> 0
  }
  const samples: Sample[] = []
  const watch = setInterval(() => sample(child).then((one) => samples.push(one)), 5000)
  const result = await load({ ...request, port, perSecond, seconds: minutes * 60, onHead })
  clearInterval(watch)
  const last = await sample(child)
  child.kill()
  return report(result, ids, limit, [...samples, last])
}

function report(
  { sent, replies, perSecond, statuses }: LoadResult,
  ids: number,
  limit: Limit,
  samples: readonly Sample[],
): boolean {
  const last = samples.at(-1)!
  const settled = samples.slice(Math.ceil(samples.length / 5))
  const spread = (of: (sample: Sample) => number) => {
    const values = sorted(settled.map(of))
    const middle = quantile(values, 0.5)
    return Math.max(values.at(-1)! / middle - 1, 1 - values[0]! / middle)
  }
  const checks: readonly (readonly [string, boolean])[] = [
    [
      `${sent} requests, ${replies} replies (${Math.round(perSecond)} a second), ${last.ended} in the records`,
      sent === replies && replies === last.ended,
    ],
    ['the ids of the replies are those of the records', ids === last.ids],
    [
      `fullest second ${last.fullest} of ${limit.limit}`,
      last.fullest <= limit.limit && last.fullest >= 0.5 * limit.limit,
    ],
    [
      `heap ${(last.heap / 2 ** 20).toFixed(1)} MiB, ± ${(100 * spread(({ heap }) => heap)).toFixed(1)} % after the first fifth`,
      spread(({ heap }) => heap) <= 0.1,
    ],
    [
      `resident ${(last.rss / 2 ** 20).toFixed(0)} MiB, ± ${(100 * spread(({ rss }) => rss)).toFixed(1)} %`,
      spread(({ rss }) => rss) <= 0.1,
    ],
    [
      `statuses ${JSON.stringify(statuses)}`,
      Object.keys(statuses).every((status) => status === '200' || status === '429'),
    ],
  ]
  for (const [what, holds] of checks) console.log(`  ${holds ? 'ok  ' : 'FAIL'} ${what}`)
  return checks.every(([, holds]) => holds)
}

/** The replies a second when no request is denied. */
async function measureCapacity(): Promise<number> {
  const { port, child } = await serverProcess('soaked', optionsWith({ rule: 'rps', limit: 1e9, window: 1000 }))
  await load({ ...request, port, seconds: 2 })
  const { perSecond } = await load({ ...request, port, seconds: 3 })
  child.kill()
  return perSecond
}

function optionsWith(limit: Limit): string {
  const switches = { firstToken: 5, tokensPerSecond: 1e6, latencySpread: 0, burstGuard: false }
  return JSON.stringify({ limit, switches, wire: { answerTokens: 80, answerSpread: 0 } })
}

async function sample(child: ChildProcess): Promise<Sample> {
  const reply = once(child, 'message')
  child.send('sample')
  return (await reply)[0] as Sample
}

const minutes = Number(process.argv[2] ?? 1)
if (!(minutes > 0)) {
  console.error(`Expected the minutes to be a number > 0, got ${process.argv[2]}`)
  process.exit(2)
}
process.exitCode = (await soak(minutes)) ? 0 : 1
