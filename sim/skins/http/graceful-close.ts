import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import type { Millis } from '../../../src/core/clock.ts'
import { systemClock } from '../../../src/core/system-clock.ts'

/**
 * Watches a server that is to close without cutting anybody off. The function that it returns takes no more connections, closes those that
 * are idle at once and each other one behind its last answer, and resolves when none is left; after `grace` milliseconds of real time they are cut.
 *
 * Node's own `close` would leave a connection open for the next request, and break one whose last bytes still wait for their reader.
 */
export function gracefulClose(server: Server): (grace: Millis) => Promise<void> {
  const sockets = new Set<Socket>()
  /** How many requests a connection has under way. */
  const busy = new Map<Socket, number>()
  let isClosing = false
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const onRequest = ({ socket }: IncomingMessage, outgoing: ServerResponse) => {
    if (isClosing) outgoing.shouldKeepAlive = false
    busy.set(socket, (busy.get(socket) ?? 0) + 1)
    outgoing.on('close', () => {
      const left = busy.get(socket)! - 1
      if (left > 0) {
        busy.set(socket, left)
        return
      }
      busy.delete(socket)
      if (isClosing) socket.destroy()
    })
  }
  server.on('request', onRequest).on('checkContinue', onRequest)

  return (grace) =>
    new Promise((resolve) => {
      isClosing = true
      const late = new AbortController()
      NetServer.prototype.close.call(server, () => {
        late.abort()
        resolve()
      })
      for (const socket of sockets) if (!busy.has(socket)) socket.destroy()
      systemClock.sleep(grace, late.signal).then(
        () => server.closeAllConnections(),
        () => {},
      )
    })
}
