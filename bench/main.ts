import { burst } from './burst.ts'
import { hostile } from './hostile.ts'
import { limiters } from './limiters.ts'
import { peers } from './peers.ts'
import { start } from './start.ts'
import { manyStreams } from './streams.ts'
import { toFetchSteps } from './to-fetch.ts'
import { virtualTime } from './virtual-time.ts'
import { wire } from './wire.ts'

/** The benchmarks whose figures the README and the docs quote. `npm run bench -- limiters` runs one of them. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  limiters,
  'virtual-time': virtualTime,
  peers,
  burst,
  'to-fetch': toFetchSteps,
  start,
  wire,
  streams: manyStreams,
  hostile,
}

const named = process.argv.slice(2)
const unknown = named.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`Expected benchmarks among ${Object.keys(benches).join(', ')}, got ${unknown.join(', ')}`)
  process.exit(2)
}
for (const [name, bench] of Object.entries(benches)) if (named.length === 0 || named.includes(name)) await bench()
