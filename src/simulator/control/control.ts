import { AppError, invalid, messageOf } from '../../errors.ts'
import { faultRoutes } from '../faults/routes.ts'
import { statusReport } from '../status.ts'
import { bookRoutes } from './books.ts'
import { clientRoutes } from './clients.ts'
import { clockRoutes } from './clock.ts'
import { orderRoutes } from './orders.ts'
import { type ControlAnswer, type ControlDeps, type ControlRoute, faultAnswer, html, json } from './route.ts'
import { statusPage } from './statusPage.ts'
import { switchRoutes } from './switches.ts'
import { tradeRoutes } from './trades.ts'

const ROUTES: readonly ControlRoute[] = [
  { method: 'GET', path: '/', answer: (_request, deps) => html(statusPage(statusReport(deps))) },
  { method: 'GET', path: '/status', answer: (_request, deps) => json(statusReport(deps)) },
  ...clockRoutes,
  ...switchRoutes,
  ...clientRoutes,
  ...bookRoutes,
  ...orderRoutes,
  ...tradeRoutes,
  ...faultRoutes,
]

const PATHS = [...new Set(ROUTES.map(({ path }) => path))]

/** A request as it came over HTTP. */
export interface ControlCall {
  readonly method: string
  readonly path: string
  /** Empty when there is none. */
  readonly body: string
}

/** Answers a request to the control port. Never throws. */
export function control(call: ControlCall, deps: ControlDeps): ControlAnswer {
  try {
    return answerOf(call, deps)
  } catch (fault) {
    if (!(fault instanceof AppError)) deps.tws.log.error({ err: fault }, 'the control port failed')
    return faultAnswer(fault)
  }
}

function answerOf({ method, path, body }: ControlCall, deps: ControlDeps): ControlAnswer {
  const here = ROUTES.flatMap((route) => {
    const params = paramsOf(route.path, path)
    return params ? [{ route, params }] : []
  })
  if (here.length === 0) return json({ error: `nothing lies at ${path}`, paths: PATHS }, 404)
  const found = here.find(({ route }) => route.method === method)
  if (!found) return json({ error: `${method} is not possible here` }, 405)
  deps.tws.floor.settle()
  return found.route.answer({ params: found.params, body: parsed(body) }, deps)
}

/** What stands in a pattern's `{names}`, or null when the path is another one. */
function paramsOf(pattern: string, path: string): Record<string, string> | null {
  const source = pattern.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')
  const match = new RegExp(`^${source}$`).exec(path)
  return match && { ...match.groups }
}

function parsed(body: string): unknown {
  if (body.trim() === '') return undefined
  try {
    return JSON.parse(body)
  } catch (fault) {
    throw invalid(`The body is no JSON: ${messageOf(fault)}`)
  }
}
