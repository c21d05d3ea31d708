import type { BarSeries } from '../market/series.ts'
import type { Condition } from './decision.ts'
import type { PivotBreakoutParameters } from './parameters.ts'
import type { Explanation, Stance } from './strategy.ts'

/** A test, and the words for how it came out: the subject is so. */
interface Test {
  readonly condition: Condition
  readonly subject: string
  readonly state: string
}

/** The tests of P5 at a close while flat. */
export function explainEntry(
  { guard, trigger }: PivotBreakoutParameters,
  bars: BarSeries,
  i: number,
  { swingHigh, swingLow, movingAverage }: Stance,
): Explanation {
  const close = bars.close[i]!
  const breakout = bars.high[swingHigh] ?? null
  const average = Number.isNaN(movingAverage) ? null : movingAverage
  const tests = [
    compared(['close', close], 'above', ['breakout', breakout]),
    compared(['close', close], 'above', ['moving average', average]),
  ]
  if (guard) tests.push(compared(['swing low', bars.low[swingLow] ?? null], 'below', ['close', close]))
  if (trigger === 'cross') {
    tests.push(compared(['previous close', bars.close[i - 1] ?? null], 'not above', ['breakout', breakout]))
  }
  return explanationOf(tests)
}

/** The test of P6 at a close while long. */
export function explainExit(bars: BarSeries, i: number, { stop }: Stance): Explanation {
  return explanationOf([
    compared(['close', bars.close[i]!], 'below', ['stop', Number.isNaN(stop) ? null : stop]),
  ])
}

/** Tells all tests where everything holds, else those that do not. */
function explanationOf(tests: readonly Test[]): Explanation {
  const failed = tests.filter(({ condition }) => !condition.holds)
  return {
    conditions: tests.map(({ condition }) => condition),
    reason: sentence(failed.length === 0 ? tests : failed),
  }
}

function sentence(tests: readonly Test[]): string {
  let text = ''
  for (const [k, { subject, state }] of tests.entries()) {
    if (subject === tests[k - 1]?.subject) text += ` and ${state}`
    else text += `${k === 0 ? '' : ', '}${subject} is ${state}`
  }
  return text
}

const SIGNS = { above: '>', below: '<', 'not above': '<=' } as const
const OPPOSITES = { above: 'not above', below: 'not below', 'not above': 'above' } as const
type Relation = keyof typeof SIGNS
type Named = readonly [name: string, value: number | null]

function compared([leftName, left]: Named, relation: Relation, [rightName, right]: Named): Test {
  const holds = left !== null && right !== null && isSo(left, relation, right)
  const condition = { name: `${leftName} ${SIGNS[relation]} ${rightName}`, left, right, holds }
  if (left === null) return { condition, subject: `no ${leftName}`, state: 'known yet' }
  if (right === null) return { condition, subject: `no ${rightName}`, state: 'known yet' }
  const where = holds ? relation : OPPOSITES[relation]
  return {
    condition,
    subject: `${leftName} ${priceText(left)}`,
    state: `${where} the ${rightName} ${priceText(right)}`,
  }
}

function isSo(left: number, relation: Relation, right: number): boolean {
  switch (relation) {
    case 'above':
      return left > right
    case 'below':
      return left < right
    case 'not above':
      return left <= right
  }
}

const STEPS = 10_000

/** Two decimals, and as many as four where they say something: `168.30`, `168.3025`. `toFixed` takes ten times as long. */
function priceText(price: number): string {
  const steps = Math.round(price * STEPS)
  const digits = String(STEPS + (steps % STEPS))
  const zeros = digits.endsWith('00') ? 2 : digits.endsWith('0') ? 1 : 0
  return `${Math.floor(steps / STEPS)}.${digits.slice(1, digits.length - zeros)}`
}
