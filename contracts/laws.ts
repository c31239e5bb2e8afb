import { describe, test } from 'vitest'

/** The laws of a contract by name. A law is a function that throws or rejects when the subject breaks it. */
export type Laws<T> = Readonly<Record<string, (subject: T) => void | Promise<void>>>

/** Registers each law as a test. */
export function registerLaws<T>(title: string, laws: Laws<T>, subject: T): void {
  describe(title, () => {
    for (const [law, check] of Object.entries(laws)) test(law, () => check(subject))
  })
}
