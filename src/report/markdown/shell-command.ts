/** Returns a command with a scenario and options such as `--set key=value`, as a shell takes it. */
export function shellCommand(command: string, scenario: string, options: readonly string[]): string {
  // npm itself takes the options that stand before `--`.
  const separator = command.startsWith('npm run ') ? ['--'] : []
  return [command, scenario, ...(options.length > 0 ? [...separator, ...options.map(shellWords)] : [])].join(' ')
}

/** An option with its value in quotes when the shell needs them. */
function shellWords(option: string): string {
  const [name = '', ...rest] = option.split(' ')
  const value = rest.join(' ')
  return /^[\w./:=,@%+-]*$/.test(value) ? option : `${name} '${value.replaceAll("'", `'\\''`)}'`
}
