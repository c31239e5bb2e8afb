import { limitsShape } from '../../src/scenario/accounts.ts'
import type { Mock } from '../mock/mock.ts'
import type { Account } from '../provider/account.ts'
import type { Bodies } from './bodies.ts'
import { isWallTimeline } from './state.ts'
import type { Tally } from './tally.ts'

/** Thrown before an action changes anything, when it is not possible although its body is as documented. */
export class Conflict extends Error {
  readonly code = 'CONTROL_CONFLICT'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
    this.name = 'Conflict'
  }
}

/** Returns the actions of the control plane on a mock. Each needs a body that has been checked. */
export function actions(mock: Mock, tally: Tally): { readonly [K in keyof Bodies]: (body: Bodies[K]) => void } {
  let speedBeforePause = 1

  const accountsNamed = (name: string | undefined): Account[] =>
    name === undefined ? [...mock.provider.accounts.values()] : [mock.provider.accounts.get(name)!]

  return {
    reset({ seed }) {
      mock.reset(seed)
      tally.clear()
    },
    limits({ account, model, limits }) {
      const problems = limitsShape('body.limits', limits)
      if (problems.length > 0) throw new Conflict(problems)
      for (const each of accountsNamed(account)) {
        // This opens the quota of the model, so that the state shows it from now on.
        each.quota(model)
        each.limitsOf(model)!.setLimits(limits, mock.timeline.now())
      }
    },
    quota({ account, model, factor, unit }) {
      for (const each of accountsNamed(account)) {
        each.quota(model)
        mock.provider.scale(each.name, model, factor, mock.timeline.now(), unit)
      }
    },
    billing({ account, ...changes }) {
      for (const each of accountsNamed(account)) each.wallet.set(changes)
    },
    clock({ speed, paused, advance }) {
      const { timeline } = mock
      if (!isWallTimeline(timeline))
        throw new Conflict([
          'Expected a mock whose time follows the wall clock, got one in virtual time: only the program that runs it can move its clock',
        ])
      // Only this can fail, and what fails must have changed nothing.
      if (advance !== undefined) timeline.advance(advance)
      if (timeline.speed() > 0) speedBeforePause = timeline.speed()
      if (speed !== undefined && speed > 0) speedBeforePause = speed
      if (speed !== undefined) timeline.setSpeed(speed)
      if (paused === true) timeline.setSpeed(0)
      if (paused === false && timeline.speed() === 0) timeline.setSpeed(speedBeforePause)
    },
    faults: ({ faults }) => mock.setFaults(faults),
  }
}
