#!/usr/bin/env node
import module from 'node:module'

// This file is JavaScript that an old Node can read, too, so that it can say what is wrong. It is also the one file that is loaded
// before the compile cache is on: to strip its types Node would load a compiler, which takes a third of the time before the first output.
const oldest = '22.18'
if (isOlder(process.versions.node, oldest)) {
  console.error(`ratelab: Expected Node ${oldest} or newer, got Node ${process.versions.node}: install a newer Node.`)
  process.exitCode = 2
} else {
  // Node would open a port for a debugger. Servers open their access log again.
  process.on('SIGUSR1', () => {})
  // Node keeps compiled sources between runs, and workers share them.
  module.enableCompileCache()
  const { program } = await import('./program.ts')
  await program(process.argv)
}

/** @param {string} version @param {string} limit */
function isOlder(version, limit) {
  return version.localeCompare(limit, 'en', { numeric: true }) < 0
}
