import { printable } from '../../core/printable.ts'

/** How the parts of a report look in a terminal. Each function also makes its text harmless. */
export interface Style {
  usual(text: string): string
  bold(text: string): string
  dim(text: string): string
  best(text: string): string
}

export const unstyled: Style = { usual: printable, bold: printable, dim: printable, best: printable }

const codes = { bold: ['1', '22'], dim: ['2', '22'], best: ['1;32', '22;39'] } as const

function styled([on, off]: readonly [string, string]): (text: string) => string {
  return (text) => `\x1b[${on}m${printable(text)}\x1b[${off}m`
}

export const ansi: Style = {
  usual: printable,
  bold: styled(codes.bold),
  dim: styled(codes.dim),
  best: styled(codes.best),
}

/** Matches each code with which a style begins or ends. */
export const styleCode = new RegExp(`\\x1b\\[(?:${[...new Set(Object.values(codes).flat())].join('|')})m`, 'g')
