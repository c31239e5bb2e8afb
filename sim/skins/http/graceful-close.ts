import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Server as NetServer } from 'node:net'
import type { Millis } from '../../../src/core/clock.ts'
import { systemClock } from '../../../src/core/system-clock.ts'
import type { Connections } from './connections.ts'

/**
 * Watches a server so that it can be closed without breaking answers. The returned function accepts no more connections, closes idle connections
 * at once and every other connection after its last answer, and resolves when none is left. After `grace` milliseconds of real time the
 * remaining connections are cut.
 *
 * Node's own `close` would keep a connection open for the next request, and would break a connection whose last bytes still wait for their reader.
 */
export function gracefulClose(server: Server, connections: Connections): (grace: Millis) => Promise<void> {
  let isClosing = false
  const onRequest = ({ socket }: IncomingMessage, outgoing: ServerResponse) => {
    if (isClosing) outgoing.shouldKeepAlive = false
    const connection = connections.of(socket)
    // The connection counts its requests in a listener of its own, which is called after this one.
    outgoing.on('close', () => queueMicrotask(() => isClosing && connection.requests === 0 && socket.destroy()))
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
      for (const { socket, requests } of connections.open) if (requests === 0) socket.destroy()
      systemClock.sleep(grace, late.signal).then(
        () => server.closeAllConnections(),
        () => {},
      )
    })
}
