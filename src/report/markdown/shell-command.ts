import { shellPath, shellWord } from '../../checks/shell-word.ts'

/** Returns a command with a scenario and options such as `--set key=value`, as a shell takes it. */
export function shellCommand(command: string, scenario: string, options: readonly string[]): string {
  // npm itself takes the options that stand before `--`.
  const separator = command.startsWith('npm run ') ? ['--'] : []
  const words = options.length > 0 ? [...separator, ...options.map(shellWords)] : []
  return [command, shellPath(scenario), ...words].join(' ')
}

/** Returns an option and its value for a shell. */
function shellWords(option: string): string {
  const [name = '', ...rest] = option.split(' ')
  return [name, ...(rest.length > 0 ? [rest.join(' ')] : [])].map(shellWord).join(' ')
}
