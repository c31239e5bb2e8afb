import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface ServerProcess {
  readonly port: number
  readonly child: ChildProcess
}

/** Starts a server of `bench/servers/` in a process of its own. Resolves when the server has sent its port. */
export function serverProcess(name: string, argument: string): Promise<ServerProcess> {
  const child = fork(fileURLToPath(new URL(`./servers/${name}.ts`, import.meta.url)), [argument])
  return new Promise((resolve, reject) => {
    child.once('message', (port) => {
      child.removeAllListeners()
      resolve({ port: Number(port), child })
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`server ${name} ended with code ${code}`)))
  })
}
