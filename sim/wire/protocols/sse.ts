/** A frame of the OpenAI-compatible protocol: it has one space after the colon. */
export function dataFrame(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`
}

/** The last frame of the OpenAI-compatible protocol. */
export const doneFrame = 'data: [DONE]\n\n'

/** A frame of the native protocol and of the Responses protocol: it is numbered, has no space after colons, and has the status as a comment. */
export function nativeFrame(id: number, event: string, status: number, value: object): string {
  return `id:${id}\nevent:${event}\n:HTTP_STATUS/${status}\ndata:${JSON.stringify(value)}\n\n`
}

/** A frame of the Anthropic-compatible protocol: it is named, and has no space after colons. */
export function compactFrame(event: string, value: object): string {
  return `event:${event}\ndata:${JSON.stringify(value)}\n\n`
}

/** The frame of an error in a stream of the Anthropic-compatible protocol. As captured, it has spaces after colons, unlike other frames. */
export function spacedFrame(event: string, value: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(value)}\n\n`
}
