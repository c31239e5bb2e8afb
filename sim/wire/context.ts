import type { Profile } from '../profiles/profile.ts'
import type { Provider } from '../provider.ts'
import type { Timeline } from '../virtual-clock.ts'
import type { RequestRecord } from './request-record.ts'
import type { WireSwitches } from './wire-switches.ts'

/** What all requests to one mock share. */
export interface Context {
  readonly timeline: Timeline
  readonly brain: Provider
  readonly profile: Profile
  readonly switches: WireSwitches
  /** Told once for each request, when nothing more will happen to it. */
  ended(record: RequestRecord): void
}
