import { importBars } from '../openapi/imports.ts'
import type { Imported, ImportLine } from '../src/ports/imports.ts'
import type { AppDeps } from './deps.ts'
import { instrumentOf } from './instruments.ts'
import { HttpProblem } from './problem.ts'
import { type Route, route } from './route.ts'

export const importRoutes = ({ stores, imports }: AppDeps): Route[] => [
  route(importBars).to(async ({ query, upload }) => {
    const instrument = await instrumentOf(stores, query.symbol)
    const imported = await imports.run(instrument, query.size, upload)
    if (imported.kind !== 'imported') throw problemOf(imported)
    const { rejected, ...counts } = imported.counts
    return { status: 200, body: { ...counts, rejected: rejected.map(shownLine) } }
  }),
]

const shownLine = ({ line, column, message }: ImportLine) => ({
  line,
  message: column === null ? message : `${column}: ${message}`,
})

function problemOf({ kind, faults }: Exclude<Imported, { kind: 'imported' }>): HttpProblem {
  const [first] = faults
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : ''
  const sentence = `Nothing was imported: line ${first!.line} ${first!.column ?? ''} ${first!.message}${more}`
  return new HttpProblem(kind === 'unreadable' ? 400 : 422, `${sentence.replace(/ +/g, ' ')}.`, {
    errors: faults.map(({ line, column, message }) => ({
      path: column === null ? `/${line}` : `/${line}/${column}`,
      message: `line ${line}: ${message}`,
    })),
  })
}
