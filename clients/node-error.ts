import type { CallerView, ToldError } from './task.ts'

interface Readable {
  readonly name: string
  readonly message: string
  readonly status?: number
  readonly code?: string | null
  readonly type?: string | null
  readonly requestID?: string | null
}

/** What is read off an error, where it is spelled as the `openai` package spells it. */
export function raised(error: unknown, by: ToldError['by'] = 'raised'): ToldError {
  const { name, message, status, code, type, requestID } = error as Readable
  const own = (error as object).constructor.name
  const names = name === 'Error' || name.endsWith(own) ? [name === 'Error' ? own : name] : [name, own]
  return { by, class: names.join(', a '), status, code, type, requestId: requestID, message }
}

/** Runs a call that gathers text as it goes; an error ends it. */
export async function gather(
  call: (say: (text: string) => void) => Promise<CallerView['tokens']>,
): Promise<CallerView> {
  let text = ''
  try {
    const tokens = await call((more) => {
      text += more
    })
    return { text, ...(tokens && { tokens }) }
  } catch (error) {
    return { text, error: raised(error) }
  }
}
