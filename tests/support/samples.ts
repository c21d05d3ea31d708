import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { BarSeries } from '../../src/market/series.ts'
import { epochMs } from '../../src/market/time.ts'

const SHARED = new URL('../../../shared/', import.meta.url)

/** Whether the real bars and the golden results lie beside the repository. Tests that need them skip without. */
export const haveSamples = existsSync(SHARED)

export const WITHOUT_SAMPLES = 'the sample bars do not lie beside the repository'

/** Where a file of real bars lies. */
export const samplePath = (name: string): URL => new URL(`data/${name}`, SHARED)

/** The bars of one `SYMBOL-SIZE-….csv.gz`. */
export function sampleBars(name: string): BarSeries {
  const text = gunzipSync(readFileSync(samplePath(name))).toString()
  const bars = new BarSeries(1 << 15)
  for (const line of text.trimEnd().split('\n').slice(1)) bars.push(barOf(line.split(',')))
  return bars
}

/** A golden result, parsed. */
export const golden = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`golden/${name}`, SHARED), 'utf8'))

function barOf([time, ...numbers]: string[]) {
  const [open, high, low, close, volume] = numbers.map(Number) as [number, number, number, number, number]
  return { time: epochMs(Date.parse(time!)), open, high, low, close, volume, vwap: null, tradeCount: null }
}
