import { spawn, spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'

const folder = join(import.meta.dirname, 'python')

const given = process.env.RATELAB_PYTHON ?? 'python3'

/** The interpreter that has the packages of `requirements.txt`. A path is absolute, since programs are started in other folders too. */
export const interpreter = given.includes('/') ? resolve(given) : given

const remedy =
  'run `python3 -m venv .venv && .venv/bin/pip install -r clients/requirements.txt`, then set RATELAB_PYTHON=.venv/bin/python'

/** Returns the versions of Python packages, or a sentence that says why they are missing. */
export function pythonVersions(packages: readonly string[]): Readonly<Record<string, string>> | string {
  const program = `import json, sys; from importlib.metadata import version; json.dump({p: version(p) for p in sys.argv[1:]}, sys.stdout)`
  const { status, stdout, error } = spawnSync(interpreter, ['-c', program, ...packages], { encoding: 'utf8' })
  if (error) return `there is no ${interpreter}; ${remedy}`
  return status === 0 ? JSON.parse(stdout) : `${interpreter} lacks ${packages.join(' or ')}; ${remedy}`
}

/** Runs a program of `python/`. It gets the tasks as JSON, and its output is parsed as JSON. Rejects with its standard error when it fails. */
export function python<T>(program: string, tasks: readonly unknown[]): Promise<readonly T[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(interpreter, [join(folder, program)], { env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } })
    const output: Buffer[] = []
    const errors: Buffer[] = []
    child.stdout.on('data', (each) => output.push(each))
    child.stderr.on('data', (each) => errors.push(each))
    child.on('error', reject)
    child.on('close', (status) => {
      if (status === 0) return resolve(JSON.parse(Buffer.concat(output).toString()))
      reject(new Error(`${program} ended with ${status}: ${Buffer.concat(errors)}`))
    })
    child.stdin.end(JSON.stringify(tasks))
  })
}
