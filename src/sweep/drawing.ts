import { chartSvg } from '../chart/chart.ts'
import { chartPng } from '../chart/png.ts'
import { reportHtml } from '../chart/report/report.ts'
import type { ReportSubject } from '../chart/subject.ts'
import type { OpenTrade, Trade } from '../execution/trade.ts'
import { parseInstant } from '../market/time.ts'
import type { PictureOptions } from '../ports/backtests.ts'
import { requestOf, type ShownRequest, type ShownResult, type ShownTrade } from './answer.ts'
import { unpackedOutcome } from './packedOutcome.ts'

/** A stored backtest to be drawn. */
export interface Drawing extends PictureOptions {
  /** JSON, as they are kept. */
  readonly request: string
  readonly result: string
  readonly trades: string
  readonly columns: Uint8Array
}

/** The bytes of a picture or report; null where this installation cannot make pixels. */
export const drawn = async (drawing: Drawing): Promise<Uint8Array | null> =>
  picture(await subjectOf(drawing), drawing)

/** The same of a run that is at hand. */
export async function picture(
  subject: ReportSubject,
  { kind, theme = 'light', width, height }: PictureOptions,
): Promise<Uint8Array | null> {
  if (kind === 'report') return Buffer.from(reportHtml(subject))
  const size = { ...(width ? { width } : {}), ...(height ? { height } : {}) }
  const svg = chartSvg(subject, { theme, ...size })
  return kind === 'svg' ? Buffer.from(svg) : chartPng(svg)
}

async function subjectOf(drawing: Drawing): Promise<ReportSubject> {
  const result = JSON.parse(drawing.result) as ShownResult
  const trades = JSON.parse(drawing.trades) as ShownTrade[]
  return {
    request: requestOf(JSON.parse(drawing.request) as ShownRequest),
    dataVersion: result.dataVersion,
    outcome: {
      ...(await unpackedOutcome(drawing.columns)),
      trades: trades.map(tradeOf),
      openTrade: result.openTrade && openTradeOf(result.openTrade),
      statistics: result.statistics,
      rewrites: result.rewrites,
      warnings: result.warnings,
    },
  }
}

const tradeOf = (shown: ShownTrade): Trade => ({
  ...shown,
  entryTime: parseInstant(shown.entryTime),
  exitTime: parseInstant(shown.exitTime),
})

const openTradeOf = (shown: NonNullable<ShownResult['openTrade']>): OpenTrade => ({
  ...shown,
  entryTime: parseInstant(shown.entryTime),
  markTime: parseInstant(shown.markTime),
})
