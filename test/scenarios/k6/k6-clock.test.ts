import { clockContract } from '../../../contracts/clock.ts'
import { k6Clock } from '../../../scenarios/k6/k6-clock.ts'

clockContract('k6Clock at real speed', () => ({ clock: k6Clock(1), run: (work) => work }))
clockContract('k6Clock at twenty times the speed', () => ({ clock: k6Clock(20), run: (work) => work }))
