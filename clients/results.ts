/** The content of `reports/clients/report.json`. Nothing in it depends on the day, the machine or the port. */
export interface Results {
  readonly clients: readonly ClientResults[]
  readonly batches: readonly BatchResult[]
  readonly programs: readonly ProgramResult[]
}

/** The results of one client. */
export interface ClientResults {
  readonly name: string
  readonly title: string
  readonly versions: Readonly<Record<string, string>>
  readonly rows: readonly ClientRow[]
}

/** The result of one client in one situation. */
export interface ClientRow {
  readonly situation: string
  readonly title: string
  readonly attempts: readonly Attempt[]
  readonly told: CallSummary
}

/** An attempt as the mock recorded it. */
export interface Attempt {
  readonly model?: string
  readonly status: number
  /** The error that the mock returned. Absent when the model answered. */
  readonly error?: string
  /** The wait since the attempt before, as the range that the client documents. Absent for the first attempt, and where it depends on what the client learns. */
  readonly wait?: string
}

/** What the caller received. */
export interface CallSummary {
  readonly text: Text
  readonly tokens?: readonly [number, number]
  readonly error?: ErrorSummary
}

/** The text that the caller received: the model's answer, a part of it, nothing, the text of an error, or another text. */
export type Text = 'answer' | 'part' | 'none' | 'error text' | 'other'

export interface ErrorSummary {
  /** How the client gave the error to its caller. */
  readonly by: 'raised' | 'returned' | 'callback'
  readonly class: string
  readonly status: number | null
  readonly code: string | null
  readonly type: string | null
  /** Whether the error has an id that the provider logged. */
  readonly hasRequestId: boolean
  /** The start of the message. Ids and addresses in it are replaced. */
  readonly message: string
}

/** What comes of many calls at once. */
export interface BatchResult {
  readonly client: string
  readonly title: string
  /** Whether the client has its own retries, and no strategy. */
  readonly isAlone: boolean
  readonly answered: number
  readonly attempts: number
  /** Until the last call was settled. */
  readonly seconds: number
}

/** The result of one of the article's programs in one world. */
export interface ProgramResult {
  readonly program: string
  readonly world: string
  readonly calls: readonly CallSummary[]
  readonly attempts: readonly Attempt[]
  /** The instants at which the program sent its calls, in whole seconds after the first. Only for programs that space calls. */
  readonly seconds?: readonly number[]
}
