import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

// A longer test, of ten minutes: npm run soak -- 10
test('in a minute at 80 % of its capacity the server loses and doubles no reply, keeps every limit and needs no more memory', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', 'bench/soak.ts', '1'], {
    encoding: 'utf8',
  })
  expect(status, stdout + stderr).toBe(0)
  expect(stdout.match(/^ {2}ok /gm)).toHaveLength(6)
})
