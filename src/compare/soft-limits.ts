import type { CaseFacts } from './raw-result.ts'

/** Whether a limit of one of these cases is soft. */
export function hasSoftLimits(cases: readonly Pick<CaseFacts, 'limits'>[]): boolean {
  return cases.some(({ limits = [] }) => limits.some(({ soft }) => soft))
}
