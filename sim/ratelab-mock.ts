// The public face of the simulated provider: `ratelab/mock`. Its msw skin, which needs msw, is `ratelab/msw`.
export { borrowTime } from './ambient-time.ts'
export { type Mock, type MockOptions, type MockSetup, mock } from './mock.ts'
export { type MockServer, type ServerOptions, serve } from './server.ts'
export { type Timeline, type VirtualClock, virtualClock } from './virtual-clock.ts'
export { mockFetch } from './virtual-fetch.ts'
export { type WallOptions, type WallTimeline, wallTimeline } from './wall-timeline.ts'
export type { RequestRecord } from './wire/request-record.ts'
