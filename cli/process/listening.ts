import { InputError } from '../../src/checks/input-error.ts'

/** Starts a server; a port or host that cannot be had is the user's to change. */
export async function listening<T>(port: number, host: string, start: () => Promise<T>): Promise<T> {
  try {
    return await start()
  } catch (error) {
    const sentence = remedies[(error as NodeJS.ErrnoException).code ?? '']
    if (sentence === undefined) throw error
    throw new InputError(sentence.replaceAll('{port}', String(port)).replaceAll('{host}', host), 'ADDRESS_UNAVAILABLE')
  }
}

const noHost =
  'Expected `--host` to be an address of this machine, got {host}: 127.0.0.1 is this machine alone, 0.0.0.0 all its networks'

const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'Expected `--port` to be free, but another program listens on {port}: name another port, or 0 for any free one',
  EACCES: 'Expected `--port` to be one that this user may have, got {port}: take one above 1023, or 0 for any free one',
  EADDRNOTAVAIL: noHost,
  ENOTFOUND: noHost,
  EAI_AGAIN: noHost,
  EINVAL: noHost,
}

/** Where a client on this machine finds a server that listens on all addresses. */
export function clientOrigin(origin: string): string {
  return origin.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')
}
