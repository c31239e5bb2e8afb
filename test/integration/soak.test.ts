import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

// Ten minutes of the same: npm run soak -- 10
test('a minute at 80 % of what the server can do: no reply lost or doubled, no window over its limit, memory level', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', 'bench/soak.ts', '1'], {
    encoding: 'utf8',
  })
  expect(status, stdout + stderr).toBe(0)
  expect(stdout.match(/^ {2}ok /gm)).toHaveLength(6)
})
