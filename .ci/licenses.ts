import { readFileSync } from 'node:fs'

// Lists the licence of every package in the lock file, those for other systems included. Ends with exit code 1 when one of them is not allowed.

const allowed = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']

/** Packages with another licence, and why they may have it. No published file contains any of them. */
const exceptions = [
  { name: /^lightningcss(-|$)/, license: 'MPL-2.0', reason: 'vitest needs it, and nobody changes its files' },
  { name: /^@fontsource\/inter$/, license: 'OFL-1.1', reason: 'a font that charts are drawn with' },
]

interface Entry {
  readonly name?: string
  readonly version: string
  readonly license?: string
  readonly link?: boolean
}

const { packages } = JSON.parse(readFileSync(process.argv[2] ?? 'package-lock.json', 'utf8'))
const rows = Object.entries(packages as Record<string, Entry>)
  .filter(([path, { link = false }]) => path.includes('node_modules/') && !link)
  .map(([path, { name = path.split('node_modules/').at(-1)!, version, license = 'none' }]) => {
    const exception = exceptions.find((each) => each.name.test(name) && each.license === license)
    const isAllowed = exception !== undefined || alternativesOf(license).some((each) => allowed.includes(each))
    return { text: [name, version, license, exception?.reason].filter(Boolean).join('  '), isAllowed }
  })

for (const { text } of rows) console.log(text)
const refused = rows.filter(({ isAllowed }) => !isAllowed)
if (refused.length > 0) {
  console.error(`Expected each licence to be one of ${allowed.join(', ')}, or an exception in .ci/licenses.ts, got:`)
  for (const { text } of refused) console.error(`  ${text}`)
  process.exitCode = 1
}

/** Returns the licences among which a user may choose. */
function alternativesOf(license: string): string[] {
  return license.replace(/^\((.*)\)$/, '$1').split(' OR ')
}
