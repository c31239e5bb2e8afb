import { expect, test } from 'vitest'
import { factoriesOf } from '../contracts/factories.ts'

/** The public face's list of strategies, computed from the folder: each factory with its options. */
function facade(): string {
  const byFile = Map.groupBy(factoriesOf('Strategy', ['src/strategies']), ({ path }) => path)
  const lines = [...byFile].map(([path, factories]) => {
    const names = [...factories[0]!.options.map((each) => `type ${each}`), ...factories.map(({ name }) => name)]
    return `export { ${names.join(', ')} } from '${path.replace('src/', './')}'`
  })
  return [
    '// Every strategy of `src/strategies/` with its options, as the public face exports them. Nobody edits this list: a test computes',
    '// it from the folder, and `npm test -- -u` writes it.',
    ...lines,
    '',
  ].join('\n')
}

test('the public face exports every strategy and its options', async () => {
  await expect(facade()).toMatchFileSnapshot('../../src/strategies.ts')
})
