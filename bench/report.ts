import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { holds, type Measured } from './ratio.ts'

const FILE = 'docs/performance.md'
const START = '<!-- ratios: written by npm run bench -->'
const END = '<!-- /ratios -->'

const HEAD = ['', 'what', 'against', 'gate', 'target', 'median', 'least … most']

/** Prints the ratios, and puts a whole run into the documentation, between its markers. */
export function report(measured: readonly Measured[], isWhole: boolean): void {
  const table = [HEAD, HEAD.map(() => '---'), ...measured.map(cells)].map((row) => `| ${row.join(' | ')} |`)
  console.log(table.join('\n'))
  if (isWhole && existsSync(FILE))
    writeFileSync(FILE, withTable(readFileSync(FILE, 'utf8'), table.join('\n')))
}

function cells(it: Measured): string[] {
  const sign = it.bound === 'atLeast' ? '≥' : '≤'
  const [median, least, most] = [it.median, it.least, it.most].map((ratio) => ratio.toPrecision(3))
  const kept = holds(it) ? '' : ' (missed)'
  return [
    it.id,
    it.what,
    it.yardstick,
    `${sign} ${it.gate}`,
    `${sign} ${it.target}`,
    `${median}${kept}`,
    `${least} … ${most}`,
  ]
}

function withTable(text: string, table: string): string {
  const [before, rest] = text.split(START)
  if (rest === undefined) throw new Error(`${FILE} has no place for the ratios: ${START}`)
  return `${before}${START}\n\n${table}\n\n${END}${rest.split(END)[1]}`
}
