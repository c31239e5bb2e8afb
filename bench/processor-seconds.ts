/** The processor time of all threads of this process until now, in seconds. Other programs on the machine change it less than wall time. */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
