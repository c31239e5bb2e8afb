import type { Inspection, Strategy } from '../../../../src/core/strategy.ts'

/** The strategy, and what it shows of this part of its state once it runs; nothing before. */
export function exposing(strategy: Strategy, part: string): { readonly strategy: Strategy; shown(): Inspection } {
  let shown: () => Inspection = () => ({})
  return {
    strategy: {
      name: strategy.name,
      wrap: (next, env) =>
        strategy.wrap(next, {
          ...env,
          expose: (shownPart, read) => {
            if (shownPart === part) shown = read
          },
        }),
    },
    shown: () => shown(),
  }
}
