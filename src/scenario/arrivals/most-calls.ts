/** The greatest number of calls in one case. A greater one is more likely a mistake than intended. */
export const mostCalls = 20_000_000
