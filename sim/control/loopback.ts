import { BlockList, isIP } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/** Whether a host, given as a name or an IP address, can only be this machine. A name that ends with a dot is the same name. */
export function isLoopback(host: string): boolean {
  if (/^localhost\.?$/i.test(host)) return true
  const family = isIP(host)
  return family !== 0 && loopback.check(host, family === 6 ? 'ipv6' : 'ipv4')
}
