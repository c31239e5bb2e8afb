import type { Millis } from '../../core/clock.ts'
import type { Spending } from './spending.ts'

/** What a call or an attempt asks for. */
export interface AskedTokens {
  readonly promptTokens: number
  readonly maxTokens: number
}

/** A way in which a provider may count what an attempt takes. */
export interface WayOfCharging {
  /** What is charged when it is admitted. */
  atSend(asked: AskedTokens): number
  /** Corrects the charge when the reply tells of the output tokens. */
  atEnd(spending: Spending, asked: AskedTokens & { readonly sentAt: Millis }, outputTokens: number, now: Millis): void
}

/** Each attempt is one request. */
export const perRequest: WayOfCharging = { atSend: () => 1, atEnd() {} }

/** The prompt is charged at once, and the output when it is complete. */
export const asSpent: WayOfCharging = {
  atSend: ({ promptTokens }) => promptTokens,
  atEnd: (spending, _, outputTokens, now) => spending.add(now, outputTokens),
}

/** All that the output may take is charged at once, and what it did not take is given back at the end. */
export const reserved: WayOfCharging = {
  atSend: ({ promptTokens, maxTokens }) => promptTokens + maxTokens,
  atEnd: (spending, { sentAt, maxTokens }, outputTokens) => spending.add(sentAt, outputTokens - maxTokens),
}
