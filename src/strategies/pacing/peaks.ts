import { partitionPoint } from '../../core/partition-point.ts'

interface Peak {
  readonly since: number
  readonly level: number
}

/** The highest level of a bucket since each of the costs that it has counted. */
export class Peaks {
  /** Later ones are lower: what a later level has reached is dropped. */
  #peaks: readonly Peak[] = []

  /** Notes a level that is reached after `counted` costs. */
  note(counted: number, level: number): void {
    const left = partitionPoint(this.#peaks.length, (index) => this.#peaks[index]!.level > level)
    this.#peaks = [...this.#peaks.slice(0, left), { since: counted, level }]
  }

  /** Returns the highest level after so many costs. */
  after(counted: number): number {
    return this.#peaks[this.#indexOf(counted)]?.level ?? -Infinity
  }

  /** Raises all levels that were reached after so many costs. */
  raise(counted: number, by: number): void {
    const raised = this.#peaks.slice(this.#indexOf(counted)).map(({ since, level }) => ({ since, level: level + by }))
    this.#peaks = this.#peaks.slice(0, this.#indexOf(counted))
    for (const { since, level } of raised) this.note(since, level)
  }

  #indexOf(counted: number): number {
    return partitionPoint(this.#peaks.length, (index) => this.#peaks[index]!.since < counted)
  }
}
