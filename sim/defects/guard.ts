/** Is told of a defect: an exception that nothing expected, such as one of a function that a user has given as an option. */
export type DefectListener = (error: unknown) => void

/** Runs a step, and tells the listener when it throws or when the promise that it returns rejects. */
export function guarded(onDefect: DefectListener, step: () => unknown): void
/** Runs a step that has a result. When it throws, the listener is told, and `instead` gives the result. */
export function guarded<T>(onDefect: DefectListener, step: () => T, instead: () => T): T
export function guarded<T>(onDefect: DefectListener, step: () => T, instead?: () => T): T | undefined {
  try {
    const result = step()
    // The step may be an `async` function of a user. If nobody took the rejection of its promise, it would end the process.
    if (result instanceof Promise) result.catch((error) => tellDefect(onDefect, error))
    return result
  } catch (error) {
    tellDefect(onDefect, error)
    return instead?.()
  }
}

/** Tells a listener of a defect. What the listener throws is ignored: there is nobody else who could be told. */
export function tellDefect(onDefect: DefectListener, error: unknown): void {
  try {
    onDefect(error)
  } catch {}
}
