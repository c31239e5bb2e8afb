import { readFileSync } from 'node:fs'

/** A limit of requests that a server was started with. */
export interface StatedLimit {
  readonly model: string
  readonly limit: number
  /** Milliseconds. */
  readonly window: number
}

/** The fields of an access log's line that are looked at. */
export interface LoggedRequest {
  readonly number: number
  readonly id: string
  readonly model?: string
  readonly account?: string
  readonly verdict?: string
  readonly decidedAt?: number
}

/** What is demanded of an access log. */
export interface LogDemands {
  readonly limits: readonly StatedLimit[]
  /** Texts that it may not hold. */
  readonly secrets: readonly string[]
  /** Whether the mock was reset, so that numbers and ids begin again. */
  readonly isReset: boolean
}

/**
 * Returns what is wrong with the access log of a server that has ended. Every request has exactly one whole line, no id stands twice, no line
 * holds a key, and no window admitted more than its limit. The windows are counted here, and not by the limiters.
 */
export function checkAccessLog(file: string, { limits, secrets, isReset }: LogDemands): string[] {
  const text = readFileSync(file, 'utf8')
  const problems = secrets.filter((each) => text.includes(each)).map((each) => `the access log holds the key ${each}`)
  if (text !== '' && !text.endsWith('\n')) problems.push('the access log ends within a line')
  const requests = text
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as LoggedRequest]
      } catch {
        problems.push(`a line of the access log is no JSON: ${line.slice(0, 200)}`)
        return []
      }
    })
  return [
    ...problems,
    ...(isReset ? [] : numberProblems(requests)),
    ...limits.flatMap((limit) => exceededLimits(requests, limit)),
  ]
}

function numberProblems(requests: readonly LoggedRequest[]): string[] {
  const numbers = new Set(requests.map(({ number }) => number))
  const ids = new Set(requests.map(({ id }) => id))
  const last = requests.reduce((most, { number }) => Math.max(most, number), 0)
  return [
    ...(numbers.size === requests.length ? [] : [`${requests.length - numbers.size} requests are logged twice`]),
    ...(numbers.size === last ? [] : [`${last - numbers.size} of ${last} requests are not logged`]),
    ...(ids.size === requests.length ? [] : [`${requests.length - ids.size} ids stand twice`]),
  ]
}

/** The windows of an account that admitted more requests than the limit, at most one of each account. */
export function exceededLimits(requests: readonly LoggedRequest[], { model, limit, window }: StatedLimit): string[] {
  const admitted = requests.filter((each) => each.verdict === 'admitted' && each.model === model)
  return [...Map.groupBy(admitted, ({ account }) => account)].flatMap(([account, all]) => {
    const instants = all.map(({ decidedAt = 0 }) => decidedAt).sort((a, b) => a - b)
    // The request `limit` places later must lie outside the window that ends with it.
    const late = instants.findIndex((at, i) => (instants[i + limit] ?? Infinity) - at < window)
    return late < 0 ? [] : [`account ${account} was admitted more than ${limit} ${model} in ${window} ms`]
  })
}
