import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

// `npm run soak -- 10` runs the same test for ten minutes.
test('in a minute at 80 % of its capacity the server sends every reply exactly once, keeps every limit and needs no more memory', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', 'bench/soak.ts', '1'], {
    encoding: 'utf8',
  })
  expect(status, stdout + stderr).toBe(0)
  expect(stdout.match(/^ {2}ok /gm)).toHaveLength(6)
})
