import { mock } from '../../sim/mock/mock.ts'
import { serve } from '../../sim/skins/http/server.ts'
import { wallTimeline } from '../../sim/time/wall-timeline.ts'
import type { RequestRecord } from '../../sim/wire/request-record.ts'
import type { Limit } from '../../src/core/limit.ts'
import { hash } from '../../src/core/random.ts'

// The mock for a long load. It records its replies, how full its windows were, and its memory, and reports them on any message.
// argv: options as JSON, with `limit` as the only limit of qwen3-max.
const { limit, ...options } = JSON.parse(process.argv[2]!) as { limit: Limit }
const admitted: number[] = []
let ended = 0
let ids = 0
let fullest = 0

function countRecord({ id, verdict, decidedAt, end }: RequestRecord): void {
  if (end !== 'answered') return
  ended++
  ids = (ids + hash(id)) >>> 0
  if (verdict === 'admitted') admitted.push(decidedAt!)
}

/** Finds the fullest trailing window from the records alone, and drops admissions that no later window can hold. */
function findFullestWindow(): void {
  admitted.sort((a, b) => a - b)
  let first = 0
  for (const [last, at] of admitted.entries()) {
    while (admitted[first]! <= at - limit.window) first++
    fullest = Math.max(fullest, last - first + 1)
  }
  const newest = admitted.at(-1) ?? 0
  // A reply takes some milliseconds, so a record may come late, but never by a whole window.
  admitted.splice(
    0,
    admitted.findIndex((at) => at > newest - 2 * limit.window),
  )
}

const timeline = wallTimeline()
const { port } = await serve(mock({ timeline, ...options, limits: { 'qwen3-max': [limit] }, ended: countRecord }))
process.on('message', () => {
  findFullestWindow()
  globalThis.gc?.()
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
  process.send?.({ ended, ids, fullest, heap: heapUsed + arrayBuffers - 8 * admitted.length, rss })
})
process.send?.(port)
