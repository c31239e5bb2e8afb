import type { Comparison } from '../../src/compare/comparison.ts'
import { comparison } from './comparison.ts'

/** The example with sixteen strategies, the same in both cases: its own, repeated under other names and one rank after the other. */
export const crowded: Comparison = {
  ...comparison,
  cases: comparison.cases.map((chosen) => {
    const rows = Array.from({ length: 16 }, (_none, i) => {
      const { solution: _own, ...row } = chosen.rows[i % chosen.rows.length]!
      return { ...row, id: `${i < 4 ? 'lead' : 'field'}-${i + 1}`, rank: i + 1, ...(i === 15 && { solution: 2 }) }
    })
    return { ...chosen, rows }
  }),
}
