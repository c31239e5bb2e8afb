import { Agent, get } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../../src/ratelab.ts'

const agent = new Agent({ keepAlive: true, maxSockets: 1 })
let longest = 0
/** When the question that waits for its answer was asked. */
let asked: number | undefined

parentPort!.on('message', () =>
  parentPort!.postMessage(Math.max(longest, asked === undefined ? 0 : systemClock.now() - asked)),
)

/** Asks once. A server that refuses the connection has ended, which is noticed elsewhere. */
function ask(): Promise<boolean> {
  return new Promise((resolve) => {
    get(workerData, { agent }, (reply) => reply.resume().on('close', () => resolve(true))).on('error', () =>
      resolve(false),
    )
  })
}

for (;;) {
  asked = systemClock.now()
  const isAnswered = await ask()
  if (isAnswered) longest = Math.max(longest, systemClock.now() - asked)
  asked = undefined
  await systemClock.sleep(isAnswered ? 5 : 50)
}
