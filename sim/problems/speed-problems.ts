import type { Check } from '../../src/checks/shape.ts'
import { speedProblem } from '../time/wall-timeline.ts'

/** A speed of simulated time; 0: it stands still. */
export const speedCheck: Check = (field, value) => {
  const problem = speedProblem(field, value)
  return problem ? [problem] : []
}
