/** The kinds of a user's mistake. `docs/errors.md` says of each when it happens and what to do. */
export type InputCode =
  | 'ADDRESS_UNAVAILABLE'
  | 'CONFIG_INVALID'
  | 'ENDPOINT_UNKNOWN'
  | 'INPUT_INVALID'
  | 'K6_UNAVAILABLE'
  | 'MODEL_UNKNOWN'
  | 'SCENARIO_INVALID'
  | 'SCENARIO_NOT_FOUND'
  | 'SETTING_INVALID'
  | 'STRATEGY_UNKNOWN'
  | 'STRATEGY_UNSUPPORTED'
  | 'TIME_BORROWED'
  | 'TRACE_INVALID'
  | 'TRACE_MISSING'
  | 'TRACE_UNREADABLE'
  | 'WORKER_ENDED'

/** A user's mistake. Its message says what to do, and it is shown without a stack trace. */
export class InputError extends Error {
  /** Default `INPUT_INVALID`: a wrong word on the command line. */
  readonly code: InputCode
  constructor(message: string, code: InputCode = 'INPUT_INVALID') {
    super(message)
    this.name = 'InputError'
    this.code = code
  }
}
