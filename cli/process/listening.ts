import { InputError } from '../../src/checks/input-error.ts'

/** Starts a server. Throws an `InputError` with a remedy when the port or the host cannot be used. */
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
  'Expected `--host` to be an address of this machine, got {host}: 127.0.0.1 is for this machine alone, 0.0.0.0 for all its networks'

const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'Expected `--port` to be free, but another program listens on {port}: name another port, or 0 for any free one',
  EACCES: 'Expected `--port` to be one that this user may use, got {port}: use one above 1023, or 0 for any free one',
  EADDRNOTAVAIL: noHost,
  ENOTFOUND: noHost,
  EAI_AGAIN: noHost,
  EINVAL: noHost,
}

/** The origin at which a client on this machine reaches a server, even one that listens on all addresses. */
export function clientOrigin(origin: string): string {
  return origin.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')
}
