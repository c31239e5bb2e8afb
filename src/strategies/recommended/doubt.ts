/** The weight of the newest denial in the share, and that of the denial of a probe: a search for limits has some of them. */
const weight = 1 / 8
const weightOfProbe = 1 / 32

/** From this share on the caps are not to be trusted: three denials in a row were not explained. */
const deep = 0.3

/**
 * How consistent the evidence is: the share of the latest denials that no known cap explains, because the own count was clearly below all of
 * them. It is small for a client that is alone and counts as the provider does. It grows if others use the account, if causes are
 * hidden, or if limits change often, and then caps that are learned from denials mean little.
 */
export class Doubt {
  /** From 0 to 1. Of each flight, attempts that were under way at the same time, the first denial counts. */
  unexplained = 0

  get isDeep(): boolean {
    return this.unexplained >= deep
  }

  judge(isExplained: boolean, isProbe: boolean): void {
    this.unexplained += (isProbe ? weightOfProbe : weight) * (Number(!isExplained) - this.unexplained)
  }
}
