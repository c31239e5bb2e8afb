import { OptionError } from '../core/expect.ts'

/** An address at which a model is asked. */
export interface ModelAddress {
  /** The base address, such as `https://dashscope.aliyuncs.com/compatible-mode/v1`. */
  readonly base: string
  /** What follows the base: the path of the protocol, and the query. */
  readonly rest: string
}

/**
 * The paths of the protocols: OpenAI's chats, completions, embeddings and responses, Anthropic's messages, and DashScope's own services. An
 * address may go on before them, and Azure's has a query behind them.
 */
const paths =
  /^(.*?)(\/(?:chat\/)?completions|\/embeddings|\/responses|\/v1\/messages|\/services\/(?:aigc|embeddings)\/[\w-]+\/[\w-]+)\/?$/

/**
 * Returns the parts of an address at which a model is asked, and undefined for any other address. Throws an `OptionError` for one with a user
 * or a password: the platform refuses it, too, and quotes them.
 */
export function modelAddress({ origin, pathname, search, username, password }: URL): ModelAddress | undefined {
  const [, before = '', path] = paths.exec(pathname) ?? []
  if (path === undefined) return undefined
  if (username !== '' || password !== '')
    throw new OptionError(
      'Expected the address to have no user and no password, got one that has: send them in a header',
    )
  return { base: origin + before, rest: path + search }
}
