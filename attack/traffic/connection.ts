import { connect, type Socket } from 'node:net'
import { type Millis, systemClock } from '../../src/ratelab.ts'

/** A connection over which raw bytes are sent and received. */
export interface ClientConnection {
  readonly socket: Socket
  readonly isClosed: () => boolean
  /** All bytes received so far, as Latin-1. */
  heard(): string
  /** Forgets the bytes received so far. */
  forget(): void
  /** Resolves when the connection is closed, also by a reset, or when the time is over. Tells whether it is closed. */
  closed(within: Millis): Promise<boolean>
  /** Resolves when a test of the received bytes holds, the connection is closed or the time is over. */
  until(holds: (heard: string) => boolean, within: Millis): Promise<void>
}

/** Opens a connection to a port of this machine. */
export function openConnection(port: number): ClientConnection {
  const socket = connect(port, '127.0.0.1')
  const pieces: string[] = []
  let isClosed = false
  const over = new Promise<void>((resolve) =>
    socket.on('close', () => {
      isClosed = true
      resolve()
    }),
  )
  // A reset closes the connection, too.
  socket.on('error', () => {})
  socket.on('data', (bytes) => pieces.push(bytes.toString('latin1')))
  const heard = () => {
    if (pieces.length > 1) pieces.splice(0, Infinity, pieces.join(''))
    return pieces[0] ?? ''
  }
  const closed = async (within: Millis) => {
    await before(over, within)
    return isClosed
  }
  return {
    socket,
    isClosed: () => isClosed,
    heard,
    forget: () => void pieces.splice(0),
    closed,
    async until(holds, within) {
      const { promise: found, resolve } = Promise.withResolvers<void>()
      const look = () => void (holds(heard()) && resolve())
      socket.on('data', look)
      look()
      await before(Promise.race([found, over]), within)
      socket.off('data', look)
    },
  }
}

/** Resolves when the promise does, or after this time, whichever is first. */
export async function before(promise: Promise<unknown>, within: Millis): Promise<void> {
  const late = new AbortController()
  const waited = systemClock.sleep(within, late.signal).catch(() => {})
  await Promise.race([promise, waited])
  late.abort()
}
