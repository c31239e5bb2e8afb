/** Renders a Markdown table. The first column and the columns in `left` are aligned left, the others right. */
export function markdownTable(
  heading: readonly string[],
  rows: readonly string[][],
  left: readonly number[] = [],
): string {
  const rule = heading.map((_, i) => (i === 0 || left.includes(i) ? '---' : '--:'))
  return [heading.map(cell), rule, ...rows.map((row) => row.map(cell))]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')
}

/** Escapes a text so that it stays within its cell. */
function cell(text: string): string {
  return oneLine(text).replaceAll('|', '\\|')
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
