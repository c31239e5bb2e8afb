import { readFileSync } from 'node:fs'

/** The package's version. Its package.json lies one folder up in the sources, and two in the built package. */
export const version: string = ['../package.json', '../../package.json'].map(versionIn).find((v) => v !== undefined)!

function versionIn(path: string): string | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
    return name === 'ratelab' ? version : undefined
  } catch {
    return undefined
  }
}
