import type { Findings } from './server/findings.ts'
import { inMebibytes } from './server/ground.ts'

const columns = ['attack', 'tried', 'slowest', 'probe waited', 'memory', 'verdict', 'answers'] as const
const widths = [11, 9, 9, 13, 27, 8, 0]

export function tableHead(): string {
  return line(columns)
}

/** The row of one attack, and a line for each problem. */
export function tableRow(name: string, findings: Findings): string {
  const { tried, slowest, longestWait, memory, problems, problemCount, statuses } = findings
  const bytes = [memory.start, memory.peak, memory.end].map(inMebibytes).join(' → ')
  const answers = [...statuses]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([status, count]) => `${status}: ${count}`)
    .join(', ')
  const row = line([
    name,
    tried.toLocaleString('en'),
    milliseconds(slowest.took),
    milliseconds(longestWait),
    memory.peak > 0 ? bytes : '–',
    problemCount === 0 ? 'ok' : 'FAIL',
    answers,
  ])
  const more = problemCount > problems.length ? [`and ${problemCount - problems.length} more`] : []
  const slow = slowest.took > 1000 ? [`  slowest: ${slowest.what}`] : []
  return [row, ...slow, ...[...problems, ...more].map((each) => `  problem: ${each}`)].join('\n')
}

function milliseconds(ms: number): string {
  return ms === 0 ? '–' : `${Math.ceil(ms).toLocaleString('en')} ms`
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, i) => cell.padEnd(widths[i]!))
    .join(' ')
    .trimEnd()
}
