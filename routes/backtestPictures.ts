import { drawBacktest, paintBacktest, reportBacktest } from '../openapi/backtestPictures.ts'
import type { PictureOptions } from '../src/ports/backtests.ts'
import type { AppDeps } from './deps.ts'
import { FOR_EVER, PICTURE_POLICY } from './headers.ts'
import { type Route, route } from './route.ts'

export const backtestPictureRoutes = ({ backtests }: AppDeps): Route[] => {
  const picture = async (id: string, type: string, options: PictureOptions) => {
    const raw = new Uint8Array(await backtests.picture(id, options))
    const headers = { ...FOR_EVER, 'Content-Type': type, 'Content-Security-Policy': PICTURE_POLICY }
    return { status: 200, headers, raw } as const
  }
  return [
    route(drawBacktest).to(({ params: { id }, query }) =>
      picture(id, 'image/svg+xml', { kind: 'svg', ...query }),
    ),
    route(paintBacktest).to(({ params: { id }, query }) =>
      picture(id, 'image/png', { kind: 'png', ...query }),
    ),
    route(reportBacktest).to(({ params: { id } }) =>
      picture(id, 'text/html; charset=utf-8', { kind: 'report' }),
    ),
  ]
}
