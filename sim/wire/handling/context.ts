import type { Profile } from '../../../src/scenario/profile.ts'
import type { Switches } from '../../../src/scenario/switches.ts'
import type { DefectListener } from '../../defects/guard.ts'
import type { Provider } from '../../provider/provider.ts'
import type { Timeline } from '../../time/virtual-clock.ts'
import type { WireRequest } from '../exchange.ts'
import type { Kept } from '../model/completion.ts'
import type { ModelOutput } from '../model/output.ts'
import type { RequestRecord } from '../request-record.ts'
import type { WireSwitches } from '../wire-switches.ts'
import type { FaultPlan } from './fault-plan.ts'

/** What all requests to one mock share until it is reset or reconfigured. */
export interface Context {
  readonly timeline: Timeline
  readonly provider: Provider
  /** The switch of the provider. */
  readonly onHangUp: Switches['onHangUp']
  readonly profile: Profile
  readonly switches: WireSwitches
  readonly faults: FaultPlan
  /** Is told of what throws while a request is handled. */
  readonly onDefect: DefectListener
  /** What the simulated model writes for a request. */
  outputOf(asked: Kept, prompt: string): ModelOutput
  /** Registers a request. Called once for each request, on its arrival. */
  begun(request: WireRequest, protocol: string, key: string): RequestRecord
  /** Takes a request off the register. Called once for each request, when nothing more will happen to it. Never throws. */
  ended(record: RequestRecord): void
}
