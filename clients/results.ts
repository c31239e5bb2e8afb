/** What was measured, as `reports/clients/report.json` has it. Nothing in it depends on the day, the machine or the port. */
export interface Results {
  readonly clients: readonly ClientResults[]
  readonly programs: readonly ProgramResult[]
}

export interface ClientResults {
  readonly name: string
  readonly title: string
  readonly versions: Readonly<Record<string, string>>
  readonly rows: readonly ClientRow[]
}

/** One client in one situation. */
export interface ClientRow {
  readonly situation: string
  readonly title: string
  readonly attempts: readonly Attempt[]
  readonly told: CallSummary
}

/** As the mock's record has it. */
export interface Attempt {
  readonly model?: string
  readonly status: number
  /** What the mock answered; absent: an answer of the model. */
  readonly error?: string
  /** How long after the attempt before it came, as the range that the client documents; absent for the first. */
  readonly wait?: string
}

/** What reached the caller. */
export interface CallSummary {
  readonly text: Text
  readonly tokens?: readonly [number, number]
  readonly error?: ErrorSummary
}

/** The model's answer, a part of it, nothing, the text of an error, or something else. */
export type Text = 'answer' | 'part' | 'none' | 'error text' | 'other'

export interface ErrorSummary {
  readonly by: 'raised' | 'returned' | 'callback'
  readonly class: string
  readonly status: number | null
  readonly code: string | null
  readonly type: string | null
  /** Whether the caller has an id that the provider logged. */
  readonly hasRequestId: boolean
  /** Its start; ids and addresses are replaced. */
  readonly message: string
}

/** One of the article's programs in one world. */
export interface ProgramResult {
  readonly program: string
  readonly world: string
  readonly calls: readonly CallSummary[]
  readonly attempts: readonly Attempt[]
  /** When the program let its calls go, whole seconds after the first; where they are what the program is about. */
  readonly seconds?: readonly number[]
}
