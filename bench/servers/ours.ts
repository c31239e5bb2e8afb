import { mock } from '../../sim/mock/mock.ts'
import { serve } from '../../sim/skins/http/server.ts'
import { wallTimeline } from '../../sim/time/wall-timeline.ts'

// The mock over HTTP. argv: options as JSON. With `sendsRecords` it sends the record of each request to the parent process.
// It replies to any message with the processor time that it has used, in microseconds.
const { speed = 1, sendsRecords = false, ...options } = JSON.parse(process.argv[2] ?? '{}')
const timeline = wallTimeline({ speed })
const { port } = await serve(
  mock({ timeline, ...options, ...(sendsRecords && { ended: (record) => process.send?.(record) }) }),
)
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.(user + system)
})
process.send?.(port)
