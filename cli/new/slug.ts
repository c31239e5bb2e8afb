/** Returns the name that a file's name gives: lower-case words joined by hyphens, or `otherwise` when it has neither letters nor digits. */
export function slugOf(file: string, otherwise: string): string {
  return (
    file
      .toLowerCase()
      .match(/[a-z0-9]+/g)
      ?.join('-') ?? otherwise
  )
}
