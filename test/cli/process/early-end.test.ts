import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { failEarly, failUncaught } from '../../../cli/process/early-end.ts'

let told = ''
beforeEach(() => {
  told = ''
  vi.spyOn(console, 'error').mockImplementation((text) => {
    told += `${text}\n`
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})

/** An error whose topmost line is in this file. */
function errorAt(path: string): Error {
  const error = new Error('boom')
  error.stack = `Error: boom\n    at f (${pathToFileURL(path).href}:1:1)`
  return error
}

describe('an error that nothing has caught', () => {
  test.each([
    ['has no part of the user in it', errorAt('/x/node_modules/y.js'), true, 1, /is a fault of ratelab itself/],
    [
      'comes from a file of the user',
      errorAt('/x/mine.ts'),
      true,
      2,
      /Expected the scenario, the profile and the plug-ins to catch/,
    ],
    ['comes where no file of the user is loaded', errorAt('/x/mine.ts'), false, 1, /is a fault of ratelab itself/],
    ['is no error where no file of the user is loaded', 'boom', false, 1, /is a fault of ratelab itself/],
  ])('%s', (_what, error, isUserCode, code, text) => {
    failUncaught(error, isUserCode)
    expect(process.exitCode).toBe(code)
    expect(told).toMatch(text)
  })
})

describe('a process that ends before its command', () => {
  test.each([
    ['with a file of the user, which may end it', 0, true, 2, /^ratelab: Expected to finish/],
    ['without one', 0, false, 1, /is a fault of ratelab itself/],
    ['after a signal', 143, false, undefined, /^$/],
  ])('%s', (_what, code, isUserCode, exitCode, text) => {
    failEarly(code, isUserCode)
    expect(process.exitCode).toBe(exitCode)
    expect(told).toMatch(text)
  })
})
