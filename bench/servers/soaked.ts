import { mock } from '../../sim/mock/mock.ts'
import { serve } from '../../sim/skins/http/server.ts'
import { wallTimeline } from '../../sim/time/wall-timeline.ts'
import type { RequestRecord } from '../../sim/wire/request-record.ts'
import type { Limit } from '../../src/core/limit.ts'
import { hash } from '../../src/core/random.ts'

// The mock under a long load, which watches itself: what it answered, how full its windows were, how much memory it took.
// argv: options as JSON, with `limit` as the one limit of qwen3-max.
const { limit, ...options } = JSON.parse(process.argv[2]!) as { limit: Limit }
const admitted: number[] = []
let ended = 0
let ids = 0
let fullest = 0

function note({ id, verdict, decidedAt, end }: RequestRecord): void {
  if (end !== 'answered') return
  ended++
  ids = (ids + hash(id)) >>> 0
  if (verdict === 'admitted') admitted.push(decidedAt!)
}

/** The fullest trailing window, counted from the records alone; forgets what no later window can hold. */
function lookBack(): void {
  admitted.sort((a, b) => a - b)
  let first = 0
  for (const [last, at] of admitted.entries()) {
    while (admitted[first]! <= at - limit.window) first++
    fullest = Math.max(fullest, last - first + 1)
  }
  const newest = admitted.at(-1) ?? 0
  // Replies take some milliseconds: a record may come a little late, never by a whole window.
  admitted.splice(
    0,
    admitted.findIndex((at) => at > newest - 2 * limit.window),
  )
}

const timeline = wallTimeline()
const { port } = await serve(mock({ timeline, ...options, limits: { 'qwen3-max': [limit] }, ended: note }))
process.on('message', () => {
  lookBack()
  globalThis.gc?.()
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
  process.send?.({ ended, ids, fullest, heap: heapUsed + arrayBuffers - 8 * admitted.length, rss })
})
process.send?.(port)
