import type { ServeConfig } from '../../sim/config/serve-config.ts'
import type { Check } from '../../src/checks/shape.ts'
import type { Millis } from '../../src/core/clock.ts'
import { show } from '../../src/core/expect.ts'
import { lengthProblem, millisOf, readLimits } from '../../src/scenario/limit-text.ts'

/** Returns a function that checks one flag and adds its problems to the list. A flag that is absent or wrong has the value undefined. */
export function checking(problems: string[]) {
  return <T>(check: Check, field: string, value: T | undefined): T | undefined => {
    if (value === undefined) return undefined
    const found = check(field, value)
    for (const problem of found) problems.push(problem)
    return found.length > 0 ? undefined : value
  }
}

/** Reads a number as it was typed. A text that is not a number is returned unchanged, so that its check can quote it. */
export function numeral(typed: string | undefined): number | undefined {
  if (typed === undefined) return undefined
  const value = typed.trim() === '' ? Number.NaN : Number(typed)
  return (Number.isFinite(value) ? value : typed) as number
}

/** Reads a speed such as `60` or `60x`. */
export function speedOf(typed: string | undefined): number | undefined {
  return numeral(typed?.replace(/(?<=\d)x$/, ''))
}

/** Reads a length of time above 0 such as `10s`, and adds a problem to the list when it is none. */
export function timeLengthOf(field: string, typed: string | undefined, problems: string[]): Millis | undefined {
  if (typed === undefined) return undefined
  const length = millisOf(typed)
  if (length === undefined) problems.push(lengthProblem(field, typed))
  return length
}

/** Reads the values of `--model-limit` into limits by model, and adds problems to the list. */
export function limitsOf(typed: readonly string[], problems: string[]): ServeConfig['limits'] | undefined {
  const limits = typed.flatMap((each) => {
    const at = each.indexOf('=')
    if (at < 1) {
      problems.push(`Expected \`--model-limit\` to be model=limits, such as qwen3-max=rpm:60, got ${show(each)}`)
      return []
    }
    const model = each.slice(0, at)
    const read = readLimits(`--model-limit ${model}`, each.slice(at + 1))
    if ('limits' in read) return [[model, read.limits] as const]
    for (const problem of read.problems) problems.push(problem)
    return []
  })
  return limits.length > 0 ? Object.fromEntries(limits) : undefined
}
