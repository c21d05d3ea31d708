import { Cron } from 'croner'
import { conflict, messageOf, missing } from '../src/errors.ts'
import type { Log } from '../src/log.ts'
import { type Clock, type EpochMs, epochMs, SECOND_MS } from '../src/market/time.ts'
import type { JobRun, JobRunStore } from '../src/ports/jobRuns.ts'
import type { Jobs, JobView } from '../src/ports/jobs.ts'
import type { Metrics } from '../src/ports/metrics.ts'

/** Cron lines are written in the exchange's wall time. */
const TIME_ZONE = 'America/New_York'

/** When, and which function. */
export interface ScheduledJob {
  readonly name: string
  /** Six fields, seconds first. */
  readonly pattern: string
  /** Resolves with what it did, in a few words. A rejection is recorded, and the line goes on. */
  run(signal: AbortSignal): Promise<string>
}

export interface ScheduleDeps {
  readonly market: Clock
  readonly runs: JobRunStore
  readonly log: Log
  readonly metrics?: Pick<Metrics, 'ran'>
}

/** A line of the schedule, and what croner said of it last. */
class Line {
  readonly job: ScheduledJob
  readonly #cron: Cron
  #said: { readonly from: EpochMs; readonly next: EpochMs | null } | null = null

  constructor(job: ScheduledJob) {
    this.job = job
    this.#cron = new Cron(job.pattern, { timezone: TIME_ZONE })
  }

  /** The first instant after `now` that the pattern names, or null. */
  nextRun(now: EpochMs): EpochMs | null {
    const said = this.#said
    if (said !== null && said.from <= now && now < (said.next ?? Number.POSITIVE_INFINITY)) return said.next
    const found = this.#cron.nextRun(new Date(now))
    const next = found === null ? null : epochMs(found.getTime())
    this.#said = { from: now, next }
    return next
  }
}

/** Cron lines on the market's clock: croner says when the next run is due, the clock waits for it. */
export class Schedule implements Jobs {
  readonly #deps: ScheduleDeps
  readonly #lines: ReadonlyMap<string, Line>
  readonly #running = new Set<string>()
  #signal: AbortSignal = AbortSignal.abort()

  constructor(deps: ScheduleDeps, jobs: readonly ScheduledJob[]) {
    this.#deps = deps
    this.#lines = new Map(jobs.map((job) => [job.name, new Line(job)]))
  }

  /** Runs every line until the signal is aborted. Never rejects. */
  async start(signal: AbortSignal): Promise<void> {
    this.#signal = signal
    await Promise.all([...this.#lines.values()].map((line) => this.#follow(line, signal)))
  }

  async list(): Promise<JobView[]> {
    const runs = new Map((await this.#deps.runs.list()).map((run) => [run.name, run]))
    return [...this.#lines.values()].map((line) => this.#view(line, runs.get(line.job.name)))
  }

  async run(name: string): Promise<JobView> {
    const line = this.#lines.get(name)
    if (line === undefined) throw missing(`there is no job "${name}"`)
    if (this.#signal.aborted) throw conflict('another process holds the lease and runs the jobs')
    if (this.#running.has(name)) throw conflict(`the job "${name}" is running`)
    await this.#runOnce(line.job, this.#deps.market.now())
    return (await this.list()).find((view) => view.name === name)!
  }

  /** A line never overlaps itself: the next instant is computed when the last run has ended. */
  async #follow(line: Line, signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        const next = line.nextRun(this.#deps.market.now())
        if (next === null) return
        await this.#deps.market.sleepUntil(next, signal)
        if (!this.#running.has(line.job.name)) await this.#runOnce(line.job, next)
      }
    } catch {
      // Only the wait rejects, and only because the signal was aborted.
    }
  }

  async #runOnce(job: ScheduledJob, due: EpochMs): Promise<void> {
    this.#running.add(job.name)
    const lastRun = this.#deps.market.now()
    const outcome = await this.#outcomeOf(job)
    this.#deps.metrics?.ran(job.name, (lastRun - due) / SECOND_MS, outcome.lastResult)
    await this.#record({ name: job.name, lastRun, ...outcome })
    this.#running.delete(job.name)
  }

  async #outcomeOf(job: ScheduledJob): Promise<Pick<JobRun, 'lastResult' | 'detail'>> {
    try {
      return { lastResult: 'done', detail: await job.run(this.#signal) }
    } catch (error) {
      if (!this.#signal.aborted) this.#deps.log.warn({ job: job.name, error: messageOf(error) }, 'job failed')
      return { lastResult: 'failed', detail: messageOf(error) }
    }
  }

  /** A record that cannot be written must not end the line. */
  async #record(run: JobRun): Promise<void> {
    try {
      await this.#deps.runs.record(run)
    } catch (error) {
      if (this.#signal.aborted) return
      this.#deps.log.warn({ job: run.name, error: messageOf(error) }, 'a job run was not recorded')
    }
  }

  #view(line: Line, run: JobRun | undefined): JobView {
    const { name, pattern } = line.job
    return {
      name,
      pattern,
      lastRun: run?.lastRun ?? null,
      nextRun: line.nextRun(this.#deps.market.now()),
      lastResult: run?.lastResult ?? null,
      detail: run?.detail ?? null,
    }
  }
}
