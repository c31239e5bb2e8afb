import type { AmbientBan } from './ambient-ban.ts'

/** Code of the user that is about to run in a worker. */
export interface UserCode {
  readonly kind: 'files' | 'generator' | 'strategy'
  /** The beginning of a message that says what went wrong, such as `Expected mine (/x/mine.ts) to answer every call, but: `. */
  readonly expected: string
}

/** What a worker does about the user's code that it runs. */
export interface UserCodeWatch {
  /** Keeps generators and strategies from the platform's time and chance. */
  readonly ban: AmbientBan
  /** Called before the user's code runs, and with `undefined` when it is over. */
  entered(code: UserCode | undefined): void
  /** Called when a strategy sends an attempt. */
  sent(): void
}
