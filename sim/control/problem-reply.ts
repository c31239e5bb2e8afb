import type { Context } from 'hono'
import { didYouMean } from '../../src/checks/did-you-mean.ts'
import { firstProblems } from '../../src/checks/problems.ts'
import type { TypeOf } from '../../src/checks/shape.ts'
import { quotable } from '../../src/core/expect.ts'
import { withoutKeys } from '../../src/core/redaction.ts'
import { jsonReply } from './json-reply.ts'
import type { problemsReply } from './replies.ts'

/** Answers a request that cannot be served. `hint`: a remedy. */
export function problem(
  c: Context,
  status: 400 | 403 | 404 | 405 | 409 | 413 | 415 | 500,
  problems: string | readonly string[],
  hint?: string,
): Response {
  const reply = { problems: firstProblems([problems].flat()).map(withoutKeys), ...(hint !== undefined && { hint }) }
  return jsonReply(c, reply satisfies TypeOf<typeof problemsReply>, status)
}

/** A path with a method that it answers. */
interface Route {
  readonly path: string
  readonly method: string
}

/** Answers a request for which there is no route: its path is wrong, or its method. */
export function unroutedReply(c: Context, routes: readonly Route[]): Response {
  const { path } = c.req
  const methods = routes.filter((each) => each.path === path).map(({ method }) => method)
  if (methods.length === 0) {
    const paths = [...new Set(routes.map((each) => each.path))]
    const got = `${quotable(path)}${didYouMean(path, paths)}`
    return problem(c, 404, `Expected a path of the control plane, got ${got}`, `The paths are ${paths.join(', ')}`)
  }
  c.header('allow', methods.flatMap((each) => (each === 'GET' ? ['GET', 'HEAD'] : each)).join(', '))
  return problem(c, 405, `Expected ${methods.join(' or ')}, got ${c.req.method}`)
}
