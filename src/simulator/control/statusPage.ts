import type { ConnectionStatus, SimulatorStatus } from '../status.ts'

/** The status for people: one page that needs nothing else and renews itself. */
export const statusPage = (status: SimulatorStatus): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width">
<title>Simulated TWS</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Simulated TWS</h1>
<p>No real market and no real money. The same as JSON: <a href="/status">/status</a></p>
${section('Market', clockRows(status))}
${section('Counts', countRows(status))}
${section('Violations of limits', Object.entries(status.counts.violations))}
<h2>Clients</h2>
${clientTable(status.connections)}
<h2>Last violations</h2>
${violationTable(status)}
</body>
</html>
`

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #8884; vertical-align: top }
td { font-variant-numeric: tabular-nums }
table:not(:has(th)) td:first-child { width: 50% }
`

const clockRows = ({ now, isPaused, world, accounts }: SimulatorStatus): [string, unknown][] => [
  ['time', `${now}${isPaused ? ', paused' : ''}`],
  ['speed', `${world.speed} times real speed`],
  ['prices', world.tape],
  ['accounts', accounts.join(', ')],
]

const countRows = ({ counts }: SimulatorStatus): [string, unknown][] => [
  ['messages', counts.messages],
  ['lines of market data', `${counts.dataLines} of ${counts.dataLinesAllowed}`],
  ['orders, of which are open', `${counts.orders}, ${counts.openOrders}`],
  ['executions', counts.executions],
  ['requests for historical data', counts.historical],
  ['of these for bars of 30 seconds and less', counts.smallBars],
  ['in the last ten minutes', counts.smallBarsIn600s],
  ['in the fullest ten minutes', counts.maxSmallBarsIn600s],
]

const section = (title: string, rows: readonly (readonly [string, unknown])[]): string =>
  `<h2>${escaped(title)}</h2>\n${table([], rows)}`

const CLIENT_HEADS = ['client', 'level', 'messages', 'history', 'open', 'violations', 'streams']

const clientTable = (connections: readonly ConnectionStatus[]): string =>
  table(
    CLIENT_HEADS,
    connections.map((each) => [
      ...[each.clientId, each.serverVersion, each.messages, each.historical, each.openQueries],
      ...[each.violations, streamText(each)],
    ]),
  )

const streamText = ({ streams }: ConnectionStatus): string =>
  Object.entries(streams)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ')

const violationTable = ({ violations }: SimulatorStatus): string =>
  table(
    ['time', 'client', 'limit', 'what'],
    violations.toReversed().map(({ time, clientId, rule, detail }) => [time, clientId, rule, detail]),
  )

const table = (heads: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  rows.length === 0
    ? '<p>none</p>'
    : `<table>${row('th', heads)}${rows.map((cells) => row('td', cells)).join('')}</table>`

const row = (tag: 'th' | 'td', cells: readonly unknown[]): string =>
  cells.length === 0 ? '' : `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`

/** Clients write into the details of their violations. */
const escaped = (value: unknown): string =>
  String(value ?? '').replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`)
