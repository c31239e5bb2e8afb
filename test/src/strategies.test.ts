import { expect, test } from 'vitest'
import { factoriesOf } from '../contracts/factories.ts'

/** What builds several strategies, and is none by itself: only its options are public. */
const builders: ReadonlySet<string> = new Set(['finding'])

/** The public face's list of strategies, computed from the folder: each factory with its options. */
function facade(): string {
  const byFile = Map.groupBy(factoriesOf('Strategy', ['src/strategies']), ({ path }) => path)
  const lines = [...byFile].map(([path, factories]) => {
    const { options } = factories[0]!
    const names = factories.map(({ name }) => name).filter((name) => !builders.has(name))
    const exported =
      names.length === 0
        ? `type { ${options.join(', ')} }`
        : `{ ${[...options.map((each) => `type ${each}`), ...names].join(', ')} }`
    return `export ${exported} from '${path.replace('src/', './')}'`
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
