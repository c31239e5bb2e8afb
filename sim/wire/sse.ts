/** A frame of the OpenAI-compatible protocol: one space after the colon. */
export function dataFrame(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`
}

/** The last frame of the OpenAI-compatible protocol. */
export const doneFrame = 'data: [DONE]\n\n'

/** A frame of the native protocol: numbered, no space after colons, the status as a comment. */
export function nativeFrame(id: number, event: 'result' | 'error', status: number, value: object): string {
  return `id:${id}\nevent:${event}\n:HTTP_STATUS/${status}\ndata:${JSON.stringify(value)}\n\n`
}

/** A frame with a named event, as Anthropic's and the Responses protocol have them. */
export function eventFrame(event: string, value: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(value)}\n\n`
}
