import { mock } from '../../sim/mock/mock.ts'
import { serve } from '../../sim/skins/http/server.ts'
import { wallTimeline } from '../../sim/time/wall-timeline.ts'

// The mock over HTTP. argv: options as JSON; `tells` sends what became of each request to the parent.
// Asked anything, it tells the processor time that it has used, microseconds.
const { speed = 1, tells = false, ...options } = JSON.parse(process.argv[2] ?? '{}')
const timeline = wallTimeline({ speed })
const { port } = await serve(
  mock({ timeline, ...options, ...(tells && { ended: (record) => process.send?.(record) }) }),
)
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.(user + system)
})
process.send?.(port)
