import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Package {
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

test('the lock file has the packages of every platform, because npm ci fails without them', () => {
  const { packages } = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'))
  const optional = Object.values(packages as Record<string, Package>).flatMap((each) =>
    Object.keys(each.optionalDependencies ?? {}),
  )
  expect(optional.length).toBeGreaterThan(10)
  expect(optional.filter((name) => !(`node_modules/${name}` in packages))).toEqual([])
})
