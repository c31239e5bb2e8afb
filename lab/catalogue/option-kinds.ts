/** The kinds of the options of `BackoffOptions`, and of the number of attempts. */
export const backoffKinds = { attempts: 'number', base: 'number', cap: 'number' } as const
/** The kinds of the options of `retry` except `jitter`. */
export const jitterlessKinds = { ...backoffKinds, longestAdvice: 'number' } as const
/** The kinds of the options of `retry`. */
export const retryKinds = { ...jitterlessKinds, jitter: 'text' } as const
/** The kinds of the options of a strategy that keeps a line. */
export const lineKinds = { skipLate: 'flag' } as const
/** The kinds of the options of a strategy that keeps a line before a gate. */
export const gatedLineKinds = { ...lineKinds, retriesFirst: 'flag' } as const
/** The kinds of the options of `pace`. */
export const paceKinds = { ...gatedLineKinds, perSecond: 'number' } as const
