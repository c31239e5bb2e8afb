// The public face of the simulated provider: `ratelab/mock`. Its msw skin, which needs msw, is `ratelab/msw`.

export { type Mock, type MockOptions, mock } from './mock/mock.ts'
export type { MockSetup } from './mock/mock-setup.ts'
export { mockFetch } from './skins/fetch/virtual-fetch.ts'
export { type MockServer, type ServerOptions, serve } from './skins/http/server.ts'
export { borrowTime } from './time/ambient-time.ts'
export { type Timeline, type VirtualClock, virtualClock } from './time/virtual-clock.ts'
export { type WallOptions, type WallTimeline, wallTimeline } from './time/wall-timeline.ts'
export type { RequestRecord } from './wire/request-record.ts'
