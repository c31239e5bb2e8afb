import type { CallerError, CallerView } from './task.ts'

interface ErrorFields {
  readonly name: string
  readonly message: string
  readonly status?: number
  readonly code?: string | null
  readonly type?: string | null
  readonly requestID?: string | null
}

/** Describes an error whose fields have the names that the `openai` package uses. */
export function callerErrorOf(error: unknown, by: CallerError['by'] = 'raised'): CallerError {
  const { name, message, status, code, type, requestID } = error as ErrorFields
  const own = (error as object).constructor.name
  const names = name === 'Error' || name.endsWith(own) ? [name === 'Error' ? own : name] : [name, own]
  return { by, class: names.join(', a '), status, code, type, requestId: requestID, message }
}

/** Runs a call and collects its text, up to its end or an error. The call passes each piece of text to `append`. */
export async function collectText(
  call: (append: (text: string) => void) => Promise<CallerView['tokens']>,
): Promise<CallerView> {
  let text = ''
  try {
    const tokens = await call((piece) => {
      text += piece
    })
    return { text, ...(tokens && { tokens }) }
  } catch (error) {
    return { text, error: callerErrorOf(error) }
  }
}
