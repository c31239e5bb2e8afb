import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readSensitivity } from '../../lab/read-sensitivity.ts'
import { jsonSensitivity } from '../../src/report/sensitivity/json-sensitivity.ts'
import { sensitivity } from '../golden/sensitivity.ts'
import { scratchFolder } from '../scratch-folder.ts'

const { scratch } = scratchFolder('sensitivity')
const path = join(scratch, 'sensitivity.json')
const read = (text: string) => {
  writeFileSync(path, text)
  return readSensitivity(path)
}

describe('a stored sensitivity', () => {
  test('is read as it was written', async () => {
    expect(await read(jsonSensitivity(sensitivity))).toEqual(sensitivity)
  })

  test('need not be there', async () => {
    expect(await readSensitivity(join(scratch, 'none.json'))).toBeUndefined()
  })

  test.each<[string, string, RegExp]>([
    ['is cut off', jsonSensitivity(sensitivity).slice(0, -9), /got text that is not JSON; the file may be cut off/],
    ['is empty', '', /got text that is not JSON/],
    ['is no object', '[]', /Expected `schema` to be ratelab\.sensitivity\/1, got undefined/],
    ['is of another version', '{"schema":"ratelab.sensitivity/2"}', /got "ratelab\.sensitivity\/2"/],
    [
      'has a wrong field',
      jsonSensitivity(sensitivity).replace('"seeds": [1, 2, 3, 4, 5, 6]', '"seeds": ["\\u001b[2J"]'),
      /`study\.seeds\[0\]` to be a whole number >= 0, got /,
    ],
  ])('is an error with a remedy when it %s', async (_what, text, message) => {
    const error = await read(text).catch((each) => each)
    expect(error).toMatchObject({ code: 'SENSITIVITY_INVALID', message: expect.stringMatching(message) })
    expect(error.message).toContain(`${path}: `)
    expect(error.message).toMatch(/\. Run `ratelab sensitivity` again to write a new file, or remove this one\.$/)
    expect(error.message).not.toMatch(/\p{Cc}/u)
  })

  test('is an error when it cannot be read, and long texts are cut', async () => {
    const folder = join(scratch, 'folder.json')
    mkdirSync(folder)
    for (const each of [folder, '/dev/zero'])
      await expect(readSensitivity(each)).rejects.toMatchObject({
        code: 'SENSITIVITY_INVALID',
        message: expect.stringContaining('Expected a regular file, got a folder, a pipe or a device'),
      })
    const error = await read(`{"schema":"${'x'.repeat(10_000)}"}`).catch((each) => each)
    expect(error.message.length).toBeLessThan(600)
  })
})
