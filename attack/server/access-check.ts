import { readFileSync } from 'node:fs'

/** A limit of requests that a server was started with. */
export interface StatedLimit {
  readonly model: string
  readonly limit: number
  /** Milliseconds. */
  readonly window: number
}

/** The fields of an access log's line that are looked at. */
interface LoggedRequest {
  readonly number: number
  readonly id: string
  readonly model?: string
  readonly account?: string
  readonly verdict?: string
  readonly decidedAt?: number
}

/** What an access log tells: the number of requests, and what is wrong with it. */
export interface LogCheck {
  readonly requests: number
  readonly problems: readonly string[]
}

/**
 * Reads the access log of a server that has ended. Every request has exactly one whole line, no id stands twice, no line holds the key, and no
 * window admitted more than its limit. The log does not depend on the limiters: it tells what each request was answered.
 */
export function checkAccessLog(file: string, limits: readonly StatedLimit[], secrets: readonly string[]): LogCheck {
  const text = readFileSync(file, 'utf8')
  const problems: string[] = []
  if (text !== '' && !text.endsWith('\n')) problems.push('the access log ends within a line')
  for (const secret of secrets) if (text.includes(secret)) problems.push(`the access log holds the key ${secret}`)
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
  const numbers = new Set(requests.map(({ number }) => number))
  const last = requests.reduce((most, { number }) => Math.max(most, number), 0)
  if (numbers.size !== requests.length) problems.push(`${requests.length - numbers.size} requests are logged twice`)
  if (numbers.size !== last) problems.push(`${last - numbers.size} of ${last} requests are not logged`)
  const ids = new Set(requests.map(({ id }) => id))
  if (ids.size !== requests.length) problems.push(`${requests.length - ids.size} ids stand twice`)
  return { requests: requests.length, problems: [...problems, ...limits.flatMap((limit) => exceeded(requests, limit))] }
}

/** The windows of an account that admitted more requests than the limit, at most one of each account. */
function exceeded(requests: readonly LoggedRequest[], { model, limit, window }: StatedLimit): string[] {
  const admitted = requests.filter((each) => each.verdict === 'admitted' && each.model === model)
  return [...Map.groupBy(admitted, ({ account }) => account)].flatMap(([account, all]) => {
    const instants = all.map(({ decidedAt = 0 }) => decidedAt).sort((a, b) => a - b)
    // The request `limit` places later must lie outside the window that ends with it.
    const late = instants.findIndex((at, i) => (instants[i + limit] ?? Infinity) - at < window)
    return late < 0 ? [] : [`account ${account} was admitted more than ${limit} ${model} in ${window} ms`]
  })
}
