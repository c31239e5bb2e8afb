import { getCompileCacheDir } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { Millis } from '../src/core/clock.ts'
import { systemClock } from '../src/core/system-clock.ts'
import type { Job } from './experiment.ts'
import { runFault } from './load-fault.ts'
import type { UserCode } from './user-code.ts'
import type { WorkerData, WorkerMessage, WorkerRequest, WorkerSetup } from './worker.ts'

/**
 * Each step of the virtual clock is an immediate, and Node 24 spends half of its time on passing a context for `AsyncLocalStorage`.
 * With this flag Node passes that context as older versions did, which costs nothing when no such storage is used.
 */
const noAsyncContextFrame = '--no-async-context-frame'

/** How a thread that ended before its job did came to its end. */
export interface EarlyEnd {
  /** The user's code that ran at that time. */
  readonly running: UserCode | undefined
  /** What happened, in words that follow "but: ". */
  readonly how: string
  /** The error that nothing caught. Default: it ended in another way. */
  readonly error?: unknown
}

/** What a thread gives for a job. */
export type JobResult = Exclude<WorkerMessage, 'pong' | { running: unknown }> | EarlyEnd

/** The number of questions to a thread that are left without an answer before it counts as stuck. A busy machine may be late for some. */
const mostUnanswered = 30

/** A worker that runs jobs, one after the other. */
export class JobThread {
  readonly #worker: Worker
  /** How long the user's code may run without a pause, in real time. */
  readonly #mostWithoutPause: Millis
  /** Ends the questions of the present job. */
  #isOver = new AbortController()
  #running: UserCode | undefined
  #unanswered = 0
  readonly #attempts = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  /** The number of attempts when it was looked at last. */
  #attemptsBefore = 0
  #error: unknown
  #isStuck = false

  constructor(setup: WorkerSetup, mostWithoutPause: Millis) {
    this.#mostWithoutPause = mostWithoutPause
    this.#worker = new Worker(new URL(`./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url), {
      workerData: { ...setup, attempts: this.#attempts } satisfies WorkerData,
      env: workerEnv(),
    })
  }

  /** Runs a job. Resolves with its result, or with how the thread ended; it can then run no other. */
  run(id: number, job: Job): Promise<JobResult> {
    const { promise, resolve } = Promise.withResolvers<JobResult>()
    const worker = this.#worker
    this.#isOver = new AbortController()
    this.#unanswered = 0
    worker.removeAllListeners()
    worker.on('message', (message: WorkerMessage) => {
      if (message === 'pong') this.#hasAnswered()
      else if ('running' in message) {
        this.#running = message.running
        this.#unanswered = 0
      } else resolve(message)
    })
    // The end follows, after all messages that the thread has sent before.
    worker.on('error', (error) => {
      this.#error = { thrown: error }
    })
    worker.on('exit', (code) => resolve(this.#earlyEnd(code)))
    this.#post({ id, job })
    this.#ask(this.#isOver.signal)
    return promise.finally(() => this.#isOver.abort())
  }

  /** A thread that loads files may wait: it answers although its job does not go on. */
  #hasAnswered(): void {
    if (this.#running?.kind !== 'files') this.#unanswered = 0
  }

  /** Asks again and again, and ends the thread when the user's code keeps it from an answer for too long. */
  async #ask(isOver: AbortSignal): Promise<void> {
    try {
      for (;;) {
        await systemClock.sleep(this.#mostWithoutPause / mostUnanswered, isOver)
        if (!this.#running || this.#hasSent()) this.#unanswered = 0
        else if (++this.#unanswered > mostUnanswered) {
          this.#isStuck = true
          return await ended(this.#worker)
        }
        this.#post('ping')
      }
    } catch (reason) {
      if (!isOver.aborted) throw reason
    }
  }

  /** Whether the strategy has sent an attempt since the last time. A great burst can take long without a pause. */
  #hasSent(): boolean {
    const [now = 0] = this.#attempts
    const before = this.#attemptsBefore
    this.#attemptsBefore = now
    return now !== before
  }

  #earlyEnd(code: number): EarlyEnd {
    const running = this.#running
    if (this.#isStuck) return { running, how: stuckText(running?.kind, this.#mostWithoutPause) }
    if (this.#error === undefined) return { running, how: `it ends its thread with code ${code}` }
    const { thrown } = this.#error as { thrown: unknown }
    if (isOutOfMemory(thrown)) return { running, how: 'the memory of its thread ran out' }
    return { running, how: `an error is not caught: ${runFault(undefined, thrown)}`, error: thrown }
  }

  /** Lets the thread end by itself. */
  end(): void {
    this.#worker.removeAllListeners()
    this.#post('end')
  }

  /** Ends the thread at once. */
  async terminate(): Promise<void> {
    this.#isOver.abort()
    // It may fail while it is terminated. Its error is ignored, because the first error is the one to report.
    await ended(this.#worker.removeAllListeners().on('error', () => {}))
  }

  #post(request: WorkerRequest): void {
    this.#worker.postMessage(request)
  }
}

/** Between two orders to a thread to end. */
const orderAgain: Millis = 100

/** Ends a thread. Node loses the order when the thread is just rejecting a promise, so it is given again until the thread has ended. */
async function ended(worker: Worker): Promise<void> {
  const hasEnded = new AbortController()
  const order = async () => {
    await worker.terminate()
    hasEnded.abort()
  }
  const orders = [order()]
  while (!hasEnded.signal.aborted) {
    await systemClock.sleep(orderAgain, hasEnded.signal).catch(() => {})
    if (!hasEnded.signal.aborted) orders.push(order())
  }
  await Promise.all(orders)
}

function stuckText(kind: UserCode['kind'] | undefined, after: Millis): string {
  const real = `after ${Math.round(after / 1000)} s of real time`
  if (kind === 'files') return `it is still loading ${real}, as with a top-level \`await\` that nothing settles`
  const never = `it never gives way: it still runs ${real}, as a loop does that waits for nothing`
  return kind === 'strategy' ? `${never}. Wait with \`env.clock.sleep(ms, call.signal)\`` : never
}

function isOutOfMemory(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY'
}

function workerEnv(): NodeJS.ProcessEnv {
  const { env } = process
  const cache = getCompileCacheDir()
  return {
    ...env,
    // A worker does not inherit the compile cache. Without it the worker would strip and compile every source again.
    ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }),
    ...(process.allowedNodeEnvironmentFlags.has(noAsyncContextFrame) && {
      NODE_OPTIONS: `${env.NODE_OPTIONS ?? ''} ${noAsyncContextFrame}`,
    }),
  }
}
