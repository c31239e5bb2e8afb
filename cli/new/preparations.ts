import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'

/** Returns sentences that say what must be done before the new file can run and be tested. Empty when nothing is missing. */
export function preparations(path: string, needs: readonly string[]): string {
  const missing = needs.filter((name) => !isInstalled(name, resolve(path)))
  return [
    ...moduleHint(path),
    ...(missing.length > 0 ? [`Install what the test needs: \`npm install --save-dev ${missing.join(' ')}\`. `] : []),
  ].join('')
}

/** Node reads a .ts file as CommonJS when the nearest package.json says so, as `npm init` writes it, and warns when it says nothing. */
function moduleHint(path: string): string[] {
  const file = path.endsWith('.mts') ? undefined : nearestPackage(dirname(resolve(path)))
  if (file === undefined || typeOf(file) === 'module') return []
  const shown = relative('.', file)
  return [`Set "type": "module" in ${shown}, so that Node reads the file as a module: \`npm pkg set type=module\`. `]
}

function nearestPackage(folder: string): string | undefined {
  const file = join(folder, 'package.json')
  if (existsSync(file)) return file
  return dirname(folder) === folder ? undefined : nearestPackage(dirname(folder))
}

function typeOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).type
  } catch {
    return undefined
  }
}

function isInstalled(name: string, from: string): boolean {
  try {
    createRequire(from).resolve(name)
    return true
  } catch (error) {
    // A package may be there without an entry for `require`.
    return (error as NodeJS.ErrnoException).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED'
  }
}
