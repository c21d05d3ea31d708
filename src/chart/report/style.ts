import { chartStyle, paletteOf, type Theme } from '../theme.ts'

/** The report's style sheet: light, and dark where the reader prefers it; printed on white. */
export const reportStyle = (): string =>
  [
    variables('light'),
    chartStyle('light'),
    `@media screen and (prefers-color-scheme: dark){${variables('dark')}\n${chartStyle('dark')}}`,
    RULES,
  ].join('\n')

function variables(theme: Theme): string {
  const names = Object.entries(paletteOf(theme)).map(([name, colour]) => `--${name}:${colour}`)
  return `:root{color-scheme:${theme};${names.join(';')}}`
}

const RULES = `
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1360px;margin:0 auto;padding:24px 20px 48px}
h1{font-size:26px;line-height:1.2;margin:0 0 4px}
h2{font-size:17px;margin:0 0 12px}
h3{font-size:13px;margin:0 0 4px;color:var(--muted)}
p{margin:0 0 4px}
header{margin-bottom:20px}
section,.key>div{background:var(--ground);border:1px solid var(--separator);border-radius:8px}
section{padding:18px 20px;margin-bottom:16px}
.muted{color:var(--muted)}
.gain{color:var(--up)}
.loss{color:var(--down)}
.key{display:grid;grid-template-columns:repeat(auto-fit,minmax(165px,1fr));gap:12px;margin-bottom:16px}
.key>div{padding:12px 16px;display:flex;flex-direction:column}
.key .label,.key .more{color:var(--muted);font-size:13px}
.key strong{font-size:25px;line-height:1.35}
.warnings{border-left:4px solid var(--breakout)}
.warnings ul{margin:0;padding-left:18px}
.scroll{overflow-x:auto}
.scroll .chart{display:block;width:100%;min-width:960px;height:auto}
.groups{display:grid;grid-template-columns:repeat(auto-fit,minmax(250px,1fr));gap:8px 36px}
dl{margin:0}
dl>div{display:flex;justify-content:space-between;gap:16px;padding:5px 0;border-top:1px solid var(--grid)}
dd{margin:0;text-align:right;white-space:nowrap}
dt small{display:block;color:var(--muted);font-size:12px;line-height:1.35}
.parameters{display:grid;grid-template-columns:repeat(auto-fit,minmax(250px,1fr));gap:0 36px}
.parameters dt{color:var(--muted)}
.parameters+p{margin-top:14px}
.parameters dd{white-space:normal;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:13.5px;white-space:nowrap}
th,td{text-align:right;padding:5px 9px;border-bottom:1px solid var(--grid)}
th{color:var(--muted);font-weight:600;border-bottom-color:var(--separator)}
th:first-child,td:first-child{padding-left:0}
.trades td:first-child,.trades th:first-child{text-align:left}
.trades th:last-child,.trades td.reason{text-align:left;white-space:normal;min-width:300px;color:var(--muted)}
.months td:nth-child(-n+2),.months th:nth-child(-n+2){text-align:left}
.months td.year,.months td.total{font-weight:600}
${depths('up')}
${depths('down')}
footer{color:var(--muted);font-size:13px}
@media (max-width:600px){main{padding:16px 10px 32px}section{padding:14px 12px}h1{font-size:22px}}
@media print{body{background:none}section{break-inside:avoid}}`

/** Three strengths of a month's ground. */
function depths(direction: 'up' | 'down'): string {
  const rule = (share: number, level: number) =>
    `.${direction}${level + 1}{background:color-mix(in srgb,var(--${direction}) ${share}%,transparent)}`
  return [10, 22, 36].map(rule).join('')
}
