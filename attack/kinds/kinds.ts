import type { Attack } from './attack.ts'
import { depth } from './depth.ts'
import { raw } from './raw.ts'
import { work } from './work.ts'

/** Every kind of attack by its name, in the order in which they run. */
export const attacks: Readonly<Record<string, Attack>> = { raw, depth, work }
