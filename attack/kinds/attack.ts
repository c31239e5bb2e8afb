import type { Ground } from '../server/ground.ts'

/** One kind of attack. */
export interface Attack {
  /** What it does, in a line of the help. */
  readonly about: string
  /** Attacks, and tells what it finds to the findings of the ground. */
  run(ground: Ground): Promise<void>
}
