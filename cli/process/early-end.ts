import { isForeignFault, runFault } from '../../lab/load-fault.ts'
import { hasUserFiles } from '../../lab/loaded-files.ts'
import { InputError } from '../../src/checks/input-error.ts'
import { exitCodes, fail, signalled, tellFault } from './exit.ts'
import { tell } from './output.ts'

/**
 * Prints an error that nothing has caught and sets the exit code. It is a fault of ratelab, unless a file of the user is loaded and has a part
 * in it: the code of a scenario, a profile or a plug-in may throw where nothing of ratelab can catch it, as in a timer.
 */
export function failUncaught(error: unknown, isUserCode = hasUserFiles()): void {
  if (!isUserCode || !isForeignFault(error)) return fail(error)
  fail(
    new InputError(
      `Expected the scenario, the profile and the plug-ins to catch their errors, but: ${runFault(undefined, error)}`,
    ),
  )
}

/** Prints that the process ends with this code before its command has, and sets the exit code. A signal may end it so. */
export function failEarly(code: number, isUserCode = hasUserFiles()): void {
  if (code > signalled) return
  if (!isUserCode) {
    tellFault('That the process ends before its command does', `Exit code ${code}`)
    process.exitCode = exitCodes.internal
    return
  }
  tell(
    'ratelab: Expected to finish, but the process ended before: does the scenario file, a profile or a plug-in end it, or wait for a promise that never settles?',
  )
  process.exitCode = exitCodes.input
}
