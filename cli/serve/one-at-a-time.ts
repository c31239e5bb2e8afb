import { tellFault } from '../process/exit.ts'

/**
 * Returns a function that starts a reload when no other one runs, and otherwise sees to one after it, so that the last version of the file is in force
 * at the end. A reload that fails is told, and the server lives.
 */
export function oneAtATime(reload: () => Promise<void>): () => void {
  let isWaiting = false
  let last = Promise.resolve()
  return () => {
    if (isWaiting) return
    isWaiting = true
    last = last
      .then(() => {
        isWaiting = false
        return reload()
      })
      .catch((error) => tellFault('A config that cannot be read again', error))
  }
}
