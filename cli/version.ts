import { readFileSync } from 'node:fs'

/** The package's version. The built package has one folder more between this file and package.json than the sources. */
export const version: string = ['../package.json', '../../package.json'].map(versionIn).find((v) => v !== undefined)!

function versionIn(path: string): string | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
    return name === 'ratelab' ? version : undefined
  } catch {
    return undefined
  }
}
