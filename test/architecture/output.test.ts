import { expect, test } from 'vitest'
import { code, sources } from './sources.ts'

test('commands print through cli/process/output.ts, which makes texts of strangers harmless', () => {
  const direct = /\bconsole\s*\.|\bconsole\b\s*[,)]|\bprocess\.std(?:out|err)\.write\b|\bJSON\.stringify\(/
  expect(direct.test('process.stdout.write(text)') && direct.test('open(path, console.error)')).toBe(true)
  const found = sources.filter(({ path, text }) => path.startsWith('cli/') && direct.test(code(text)))
  expect(found.map(({ path }) => path)).toEqual(['cli/process/output.ts'])
})
