/** What each call is that a strategy sends inside k6. The patience is in milliseconds. */
export const k6Call = { promptTokens: 528, maxTokens: 2048, patience: 600_000 } as const
