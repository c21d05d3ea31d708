import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { strategy } from '../../../openapi/strategy.ts'
import { limits, newTradedStrategy, traderConfig } from '../../../openapi/traderSettings.ts'
import { AppError } from '../../../src/errors.ts'
import { readTraderConfig } from '../../../src/traderConfig.ts'
import { changedSettings, DEFAULT_SETTINGS } from '../../../src/trading/settings.ts'
import { documented } from '../../support/documented.ts'

const folder = mkdtempSync(join(tmpdir(), 'trader-'))
const fileOf = (text: string): string => {
  const path = join(folder, 'trader.json')
  writeFileSync(path, text)
  return path
}

const issuesOf = (content: unknown) =>
  readTraderConfig(fileOf(JSON.stringify(content))).then(
    () => [],
    (error: unknown) => (error instanceof AppError ? error.issues : [{ path: '?', message: String(error) }]),
  )

test('the defaults that the document names are those that a trader has', () => {
  const { sizing, foreign } = traderConfig.shape
  const protectiveStopPct = newTradedStrategy.shape.protectiveStopPct.unwrap()
  expect(documented(strategy.extend({ protectiveStopPct }))).toEqual(DEFAULT_SETTINGS.strategy)
  expect(documented(limits)).toEqual(DEFAULT_SETTINGS.limits)
  expect(documented(foreign.unwrap())).toBe(DEFAULT_SETTINGS.foreign)
  expect(documented(sizing.unwrap())).toEqual(DEFAULT_SETTINGS.sizing)
})

test('what a file states counts, and the rest keeps its default', async () => {
  const file = { size: '1m', strategy: { left: 5 }, limits: { maxPosition: 50 }, foreign: 'ignore' }
  const settings = changedSettings(DEFAULT_SETTINGS, await readTraderConfig(fileOf(JSON.stringify(file))))
  expect(settings).toEqual({
    ...DEFAULT_SETTINGS,
    size: '1m',
    strategy: { ...DEFAULT_SETTINGS.strategy, left: 5 },
    limits: { ...DEFAULT_SETTINGS.limits, maxPosition: 50 },
    foreign: 'ignore',
  })
})

test('a preset sets the strategy but never takes the protective stop away', () => {
  const { strategy } = changedSettings(DEFAULT_SETTINGS, { strategy: { preset: 'seed', length: 20 } })
  expect(strategy).toMatchObject({
    ties: 'any',
    stop: 'latest',
    guard: false,
    length: 20,
    protectiveStopPct: 3,
  })
})

test.each([
  [{ symbl: 'SPY' }, '/symbl', 'did you mean symbol?'],
  [{ limits: { maxPositon: 5 } }, '/limits/maxPositon', 'did you mean maxPosition?'],
  [{ strategy: { lenght: 5 } }, '/strategy/lenght', 'did you mean length?'],
  [{ size: '1h' }, '/size', 'expected one of 1m'],
  [{ strategy: { protectiveStopPct: null } }, '/strategy/protectiveStopPct', 'expected number'],
  [{ limits: { maxPosition: 0 } }, '/limits/maxPosition', '>=1'],
  [{ sizing: { kind: 'shares', shares: 1.5 } }, '/sizing/shares', 'expected int'],
  [[], '', 'expected object'],
])('%j is refused by its field', async (content, path, message) => {
  expect(await issuesOf(content)).toEqual([{ path, message: expect.stringContaining(message) }])
})

test('a file that is not there or no JSON is told with its path', async () => {
  await expect(readTraderConfig(join(folder, 'none.json'))).rejects.toThrow('none.json')
  await expect(readTraderConfig(fileOf('{'))).rejects.toThrow('trader.json')
})
