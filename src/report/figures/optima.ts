import type { Row } from '../../compare/comparison.ts'

/** One row of each quota: strategies on the same quota have one optimum. */
export function optimaOf(rows: readonly Row[]): Row[] {
  const byQuota = new Map<string, Row>()
  for (const row of rows) {
    const { answered, makespan } = row.optimum
    const key = `${row.quota} ${answered.value} ${makespan.value}`
    if (!byQuota.has(key)) byQuota.set(key, row)
  }
  return [...byQuota.values()]
}

/** The quota that most rows draw on; the earlier row's where two are as common. */
export function usualQuota(rows: readonly Row[]): string | undefined {
  const on = (quota: string) => rows.filter((row) => row.quota === quota).length
  return rows
    .map(({ quota }) => quota)
    .reduce<string | undefined>((a, b) => (a === undefined || on(b) > on(a) ? b : a), undefined)
}
