import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

// A bare node:http server, with which the mock is compared. It parses and writes the same bodies as the mock, or the same frames.
// argv: the reply as JSON, or a JSON list of frames.
const reply: unknown = JSON.parse(process.argv[2]!)

const server = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('end', () => {
    const asked = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { model: string }
    if (Array.isArray(reply)) {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream;charset=UTF-8' })
      for (const frame of reply) outgoing.write(frame)
      outgoing.end()
      return
    }
    outgoing.writeHead(200, { 'content-type': 'application/json' })
    outgoing.end(JSON.stringify({ ...(reply as object), model: asked.model }))
  })
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
