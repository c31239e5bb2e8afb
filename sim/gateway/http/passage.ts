import { OptionError } from '../../../src/core/expect.ts'
import type { Envelope } from '../../errors/envelope.ts'
import { inferencePaths } from '../../wire/handling/routes.ts'

/** Where a customer's path leads at an account. */
export interface Passage {
  readonly method: string
  /** The path at the account. It is made of the list, and never of what the customer wrote. */
  readonly path: string
  /** How errors are wrapped at this path. */
  readonly envelope: Envelope
}

/** Returns where a path leads. Returns undefined for a path that is not passed on. */
export type Passages = (path: string) => Passage | undefined

/** The names of models that may stand in a path. A name of dots would be a step upwards, and one with a slash or an escape another path. */
const modelName = /^(?!\.{1,2}$)[\w.:@-]+$/

/**
 * What may be reached behind a base address: the paths at which a model is asked or looked up, under the base address and under `/v1`, which
 * stands for it. A base address with a path of the service, such as `https://example.com/compatible-mode/v1`, also has the service's other
 * protocols beside it.
 *
 * A path must equal a path of the list. It is not resolved first, so that no other server can resolve it to something else: a path with escapes, dot
 * segments, empty segments or other letters is not passed on.
 */
export function passagesOf(baseUrl: string): Passages {
  const base = new URL(baseUrl).pathname.replace(/\/+$/, '')
  const folder = longest(inferencePaths.map(({ path }) => folderOf(path)).filter((each) => base.endsWith(each)))
  const passages = new Map<string, Passage>()
  for (const { method, path, envelope } of inferencePaths) {
    const end = path.slice(folderOf(path).length)
    const isUnderBase = folder === undefined || folderOf(path) === folder
    const at = folder === undefined ? base + end : base.slice(0, -folder.length) + path
    const passage = { method, path: at, envelope }
    if (folder !== undefined) passages.set(path, passage)
    if (isUnderBase) passages.set(`/v1${end}`, passage)
    passages.set(at, passage)
  }
  return (path) => {
    const known = passages.get(path)
    if (known) return known
    const slash = path.lastIndexOf('/')
    const models = passages.get(path.slice(0, slash))
    const model = path.slice(slash + 1)
    return models?.method === 'GET' && modelName.test(model)
      ? { ...models, path: `${models.path}/${model}` }
      : undefined
  }
}

/** The passages of accounts, whose base addresses must have the same path: a customer does not choose the account. */
export function commonPassages(accounts: readonly { readonly baseUrl: string }[]): Passages {
  const paths = new Set(accounts.map(({ baseUrl }) => new URL(baseUrl).pathname))
  if (paths.size !== 1)
    throw new OptionError(
      `Expected \`accounts\` to be one or more whose addresses have one path, got ${paths.size} paths`,
    )
  return passagesOf(accounts[0]!.baseUrl)
}

/** The path up to its last `/v1`: what the base address of an SDK ends with. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/v1/') + '/v1'.length)
}

function longest(texts: readonly string[]): string | undefined {
  return texts.toSorted((a, b) => b.length - a.length)[0]
}
