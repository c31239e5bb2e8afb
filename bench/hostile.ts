import { costlyRequests } from '../attack/traffic/costly-requests.ts'
import { mock } from '../sim/mock/mock.ts'
import { wallTimeline } from '../sim/time/wall-timeline.ts'
import { minimum } from '../src/core/extremes.ts'

/** Compilation and the collection of garbage only make a turn longer, so that the shortest of several is the truest. */
const rounds = 5

/**
 * Measures how long the worst requests hold the event loop: the longest turn from the arrival of a request to its last byte. Time is 86,400
 * times as fast, so that all of a stream is due at once.
 */
export async function hostile(): Promise<void> {
  console.log(
    `Longest turn of the event loop for one request, milliseconds of processor time (least of ${rounds}), and the reply:`,
  )
  for (const { what, path, body } of costlyRequests()) {
    const replies: { readonly turn: number; readonly status: number; readonly length: number }[] = []
    for (let round = 0; round < rounds; round++) replies.push(await reply(path, body))
    const turn = minimum(replies.map((each) => each.turn)).toFixed(0)
    const { status, length } = replies[0]!
    console.log(`  ${what.padEnd(58)} ${turn.padStart(7)}   ${status}, ${length.toLocaleString('en')} characters`)
  }
}

async function reply(path: string, body: string): Promise<{ turn: number; status: number; length: number }> {
  const timeline = wallTimeline({ speed: 86_400 })
  const limits = { 'qwen-plus': [], 'text-embedding-v4': [] }
  const provider = mock({ timeline, limits, switches: { burstGuard: false } })
  const headers: Readonly<Record<string, string>> = { authorization: 'Bearer sk-ratelab', 'x-dashscope-sse': 'enable' }
  // The text is copied, so that it is flat, as a text that was read from a socket is.
  const request = { method: 'POST', path, query: '', header: (name: string) => headers[name], body: copied(body) }
  const watch = watchTurns()
  const answer = await provider.handle(request).answer
  let length = 0
  if (answer.kind === 'whole') length = answer.body.length
  else if (answer.kind === 'stream')
    await new Promise<void>((resolve) => {
      const write = (text: string) => {
        length += Buffer.byteLength(text)
      }
      answer.start({ write, end: resolve, break: resolve })
    })
  const turn = await watch()
  timeline.stop()
  return { turn, status: answer.kind === 'hang-up' ? 0 : answer.status, length }
}

function copied(text: string): string {
  return Buffer.from(text).toString()
}

/** Returns a function that tells the longest turn of the event loop since, as processor time of this thread, milliseconds. */
function watchTurns(): () => Promise<number> {
  let last = process.threadCpuUsage()
  let longest = 0
  let isOver = false
  const look = () => {
    const { user, system } = process.threadCpuUsage(last)
    last = process.threadCpuUsage()
    longest = Math.max(longest, (user + system) / 1000)
    if (!isOver) setImmediate(look)
  }
  setImmediate(look)
  return async () => {
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    isOver = true
    return longest
  }
}
