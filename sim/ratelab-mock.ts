// The public face of the simulated provider: `ratelab/mock`. Its msw skin, which needs msw, is `ratelab/msw`.

export type { Verdict } from '../src/scenario/world.ts'
export type { DefectListener } from './defects/guard.ts'
export type { WireError } from './errors/envelope.ts'
export type { ErrorName } from './errors/error-table.ts'
export type { JournalQuery } from './mock/journal-query.ts'
export { type Mock, type MockOptions, mock } from './mock/mock.ts'
export type { RequestJournal } from './mock/request-registry.ts'
export type { Level } from './provider/counters.ts'
export type { Provider } from './provider/provider.ts'
export type { MockSetup } from './setup/mock-setup.ts'
export { mockFetch } from './skins/fetch/virtual-fetch.ts'
export { type ControlApp, type MockServer, type ServerOptions, serve } from './skins/http/server.ts'
export { borrowTime } from './time/ambient-time.ts'
export { DeadlockError, type Timeline, type TimerTask, type VirtualClock, virtualClock } from './time/virtual-clock.ts'
export { type WallOptions, type WallTimeline, wallTimeline } from './time/wall-timeline.ts'
export type {
  Answer,
  BrokenConnection,
  Handling,
  Headers,
  RequestHandler,
  Sink,
  StreamedAnswer,
  WholeAnswer,
  WireRequest,
} from './wire/exchange.ts'
export type { FaultAction } from './wire/handling/fault-action.ts'
export type { FaultSpec, FaultTime } from './wire/handling/fault-spec.ts'
export type { TokenCount } from './wire/model/tokens.ts'
export type { RecordedDenial, RequestRecord } from './wire/request-record.ts'
export type { WireSwitches } from './wire/wire-switches.ts'
