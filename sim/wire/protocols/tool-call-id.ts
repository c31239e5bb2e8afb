/** The id of a request's nth call of a tool. As captured, it is `call_` and 22 hexadecimal digits. */
export function toolCallId(requestId: string, nth: number): string {
  return `call_${requestId.replaceAll('-', '').slice(0, 21)}${nth}`
}
