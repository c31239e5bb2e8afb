import { expect, test } from 'vitest'
import { library } from '../../../lab/guests/library.ts'
import { InputError } from '../../../src/checks/input-error.ts'

test('a package that is not installed is an error with the remedy', () => {
  const load = () => library('ratelab-has-no-such-package')
  expect(load).toThrow(InputError)
  expect(load).toThrow(
    expect.objectContaining({
      code: 'GUEST_MISSING',
      message: expect.stringContaining('install it with `npm install ratelab-has-no-such-package`'),
    }),
  )
})

test('a package that is installed is loaded, and any other fault is passed on', () => {
  expect(library<typeof import('p-limit')>('p-limit').default(1)).toBeTypeOf('function')
  expect(() => library('p-limit/no-such-file')).toThrow(expect.not.objectContaining({ code: 'GUEST_MISSING' }))
})
