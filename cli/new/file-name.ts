/** Returns the name of a file without its ending. */
export function nameOf(file: string): string {
  return file.replace(/\.m?ts$/, '')
}

/** Returns the name that a file's name gives: lower-case words joined by hyphens, or `otherwise` when it has neither letters nor digits. */
export function slugOf(file: string, otherwise: string): string {
  return (
    nameOf(file)
      .toLowerCase()
      .match(/[a-z0-9]+/g)
      ?.join('-') ?? otherwise
  )
}
