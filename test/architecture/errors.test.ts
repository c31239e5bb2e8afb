import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

const sources = ['src', 'sim', 'lab', 'cli', 'contracts', 'scenarios'].flatMap((room) =>
  readdirSync(join(root, room), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(root, file), text: readFileSync(file, 'utf8') })),
)

/** Errors without a code of ours, and why a user does not meet them, or needs no code. */
const allowed: readonly (readonly [path: string, made: string, why: string])[] = [
  ['cli/flags/option-values.ts', 'new InvalidArgumentError', 'commander prints it and ends with exit code 2'],
  ['cli/run/shard-choice.ts', 'new InvalidArgumentError', 'commander prints it and ends with exit code 2'],
  ['lab/job-error.ts', 'new Error', 'it takes the code of the job’s error, if that has one'],
  ['lab/guests/guest.ts', 'new Error', 'it hands a reply to a library, and is never passed on'],
  ['scenarios/k6/http-send.ts', 'new Error', 'a transport fault inside k6: the script counts the call as unanswered'],
  ['sim/gateway/http/upstream-fetch.ts', 'new Error', 'the gateway catches it and logs the code as a reason'],
  ['sim/skins/fetch/virtual-fetch.ts', 'new TypeError', 'the error that Node’s fetch rejects with'],
  ['sim/skins/fetch/fetch-exchange.ts', 'new TypeError', 'the error with which Node’s fetch breaks a body'],
  ['sim/skins/fetch/fetch-exchange.ts', 'new Error', 'the cause of both, with Node’s own code'],
  [
    'sim/wire/request/bad-request.ts',
    'class BadRequest',
    'the wire catches it and answers with the service’s own code',
  ],
  ['contracts/strategy-laws.ts', 'new Error', 'the fault or the reason that a law hands to the strategy under test'],
  ['contracts/clock.ts', 'new Error', 'the reason that a law hands to the clock under test'],
]

/** The text without comments. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:])\/\/.*$/gm, '$1')
}

/** Classes of errors, with the code that each field or union of theirs declares. */
const classes = sources.flatMap(({ path, text }) =>
  [...code(text).matchAll(/^(?:export )?class (\w+) extends (\w*Error)\b[\s\S]*?^\}$/gm)].map(([body, name]) => ({
    path,
    name: name!,
    codes: [...body.matchAll(/readonly code = '(\w+)'/g)].map(([, each]) => each!),
    hasCode: /readonly code\b/.test(body),
  })),
)

const inputError = sources.find(({ path }) => path === 'src/checks/input-error.ts')!.text
const inputCodes = [...code(inputError).matchAll(/^ {2}\| '(\w+)'$/gm)].map(([, each]) => each!)
const codes = [...classes.flatMap((each) => each.codes), ...inputCodes].sort()

function isAllowed(path: string, made: string): boolean {
  return allowed.some(([file, what]) => file === path && what === made)
}

describe('errors', () => {
  test('have a code, whatever their class', () => {
    const without = classes.filter(({ hasCode, path, name }) => !hasCode && !isAllowed(path, `class ${name}`))
    expect(without.map(({ path, name }) => `${path}: ${name}`)).toEqual([])
  })

  const made = sources.flatMap(({ path, text }) =>
    [...code(text).matchAll(/\bnew \w*Error\b/g)].map(([what]) => ({ path, what })),
  )

  test('are of a class with a code wherever they are made', () => {
    expect(made.length).toBeGreaterThan(50)
    const coded = classes.filter(({ hasCode }) => hasCode).map(({ name }) => `new ${name}`)
    const without = made.filter(({ path, what }) => !coded.includes(what) && !isAllowed(path, what))
    expect(without.map(({ path, what }) => `${path}: ${what}`)).toEqual([])
  })

  test.each(allowed)('%s may say %s: %s', (path, what) => {
    const isThere = made.some((each) => each.path === path && each.what === what)
    expect(isThere || classes.some((each) => each.path === path && `class ${each.name}` === what)).toBe(true)
  })

  test.each(inputCodes)('%s is a code that some mistake has', (each) => {
    const users = sources.filter(({ path, text }) => path !== 'src/checks/input-error.ts' && text.includes(`'${each}'`))
    // The default of the class: nobody needs to write it.
    expect(users.length > 0 || each === 'INPUT_INVALID').toBe(true)
  })

  test('are listed in docs/errors.md, each once, and nothing else is', () => {
    const table = readFileSync(join(root, 'docs/errors.md'), 'utf8')
    const listed = [...table.matchAll(/^\| `([A-Z0-9_]+)` /gm)].map(([, each]) => each)
    expect(codes.length).toBeGreaterThan(15)
    expect(new Set(codes).size).toBe(codes.length)
    expect(listed).toEqual(codes)
  })

  test('are listed under the class that has their code', () => {
    const table = readFileSync(join(root, 'docs/errors.md'), 'utf8')
    const rows = [...table.matchAll(/^\| `([A-Z0-9_]+)` .*\| `(\w+)` +\| \S+ +\|$/gm)].map(([, each, name]) => [
      each,
      name,
    ])
    const own = classes.flatMap(({ name, codes }) => codes.map((each) => [each, name]))
    const expected = [...own, ...inputCodes.map((each) => [each, 'InputError'])]
    expect(rows).toEqual(expected.sort(([a], [b]) => (a! < b! ? -1 : 1)))
  })
})
