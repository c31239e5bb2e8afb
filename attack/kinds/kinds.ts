import type { Attack } from './attack.ts'
import { depth } from './depth.ts'
import { fuzz } from './fuzz.ts'
import { gatewayAttack } from './gateway.ts'
import { inProcess } from './in-process.ts'
import { memory } from './memory.ts'
import { pipelining } from './pipelining.ts'
import { raw } from './raw.ts'
import { reload } from './reload.ts'
import { resets } from './resets.ts'
import { signals } from './signals.ts'
import { slow } from './slow.ts'
import { work } from './work.ts'

/** Every kind of attack by its name, in the order in which they run. */
export const attacks: Readonly<Record<string, Attack>> = {
  raw,
  slow,
  resets,
  pipelining,
  depth,
  work,
  memory,
  reload,
  signals,
  gateway: gatewayAttack,
  fuzz,
  'in-process': inProcess,
}
