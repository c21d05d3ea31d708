/** The value of a line of Prometheus text, by its name and labels as they stand there; 0 where it is not. */
function figure(text: string, name: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return line === undefined ? 0 : Number(line.slice(name.length + 1))
}

export interface Watched {
  /** Seconds: the worst p99 that any scrape has told, and the worst tick. */
  readonly loopP99: number
  readonly lateTicks: number
  readonly ticks: number
  readonly failedTicks: number
  readonly residentMiB: number
}

const RUNS = 'pivot_engine_job_runs_total{job="collect-bars",result='
const LATE = 'pivot_engine_tick_late_seconds_'

/** Looks at the figures of the service now and then until the signal is aborted. `first`: as they were before. */
export async function watch(url: string, first: string, signal: AbortSignal): Promise<Watched> {
  let loopP99 = 0
  let residentMiB = 0
  let last = first
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    last = await scrape(url).catch(() => last)
    loopP99 = Math.max(loopP99, figure(last, 'nodejs_eventloop_lag_p99_seconds'))
    residentMiB = Math.max(residentMiB, figure(last, 'process_resident_memory_bytes') / 2 ** 20)
  }
  const grown = (name: string) => figure(last, name) - figure(first, name)
  const failedTicks = grown(`${RUNS}"failed"}`)
  const ticks = grown(`${RUNS}"done"}`) + failedTicks
  const onTime = grown(`${LATE}bucket{le="15",job="collect-bars"}`)
  return {
    loopP99,
    residentMiB,
    ticks,
    failedTicks,
    lateTicks: grown(`${LATE}count{job="collect-bars"}`) - onTime,
  }
}

export const scrape = async (url: string): Promise<string> =>
  (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) })).text()
