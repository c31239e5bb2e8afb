/** Matches a text that is the path of a file and no name: one that has a dot or a slash, but no name before a colon. */
export const pathPattern = /^(?![\w-]{2,}:).*[./\\]/

/** Whether a text is the path of a file and no name. */
export function isPath(text: string): boolean {
  return pathPattern.test(text)
}
