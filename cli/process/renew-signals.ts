/**
 * Calls `renew` when the process gets SIGHUP or SIGUSR1, until the returned function is called. Service managers and rotation of logs send them, as
 * to nginx, so a server must not end: that is what the system does for either signal when nothing listens.
 */
export function onRenew(renew: (signal: 'SIGHUP' | 'SIGUSR1') => void): () => void {
  const signals = ['SIGHUP', 'SIGUSR1'] as const
  for (const signal of signals) process.on(signal, renew)
  return () => {
    for (const signal of signals) process.off(signal, renew)
  }
}
