import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parseInstant } from '../../src/market/time.ts'
import { readAccounts } from '../../src/simulator/accounts/file.ts'

const START = parseInstant('2024-06-03T15:00:00Z')

const read = async (text: string) => {
  const folder = await mkdtemp(join(tmpdir(), 'accounts-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'accounts.yaml')
  await writeFile(file, text)
  return readAccounts(file, START)
}

test('accounts come with what they hold and did today', async () => {
  const [account, ...more] = await read(`
accounts:
  - id: U1234567
    cash: 25000
    positions: [{ symbol: SPY, quantity: 100, averageCost: 480.5 }]
    executions:
      - { time: '10:15:00', symbol: SPY, side: BOT, quantity: 100, price: 480.5, orderId: 4, clientId: 7 }
    completedOrders:
      - { completedAt: 2024-06-03T14:15:00Z, symbol: SPY, action: BUY, quantity: 100, filledQuantity: 100, status: Filled }
`)
  expect(more).toEqual([])
  expect(account).toMatchObject({
    id: 'U1234567',
    cash: 25_000,
    positions: [{ symbol: 'SPY', quantity: 100, averageCost: 480.5 }],
    executions: [
      { time: parseInstant('2024-06-03T14:15:00Z'), orderId: 4, commission: 1, realizedPnl: null },
    ],
    completedOrders: [{ completedAt: parseInstant('2024-06-03T14:15:00Z'), reason: 'Filled Size: 100' }],
  })
  expect(account?.executions[0]?.id).toMatch(/\.01$/)
})

for (const [title, text, reason] of [
  [
    'an id that is none',
    'accounts:\n  - id: X1',
    /accounts\.yaml:2:9 accounts\[0\]\.id: must be an account id/,
  ],
  [
    'a position of nothing',
    'accounts:\n  - id: DU12345\n    positions:\n      - { symbol: SPY, quantity: 0, averageCost: 1 }',
    /:4:\d+ accounts\[0\]\.positions\[0\]\.quantity: must not be 0/,
  ],
  [
    'a symbol that no stock has',
    'accounts:\n  - id: DU12345\n    positions:\n      - { symbol: spy, quantity: 1, averageCost: 1 }',
    /:4:\d+ .*symbol: must be one to five capital letters/,
  ],
  [
    'a word that is not known',
    'accounts:\n  - id: DU12345\n    money: 5',
    /:3:5 accounts\[0\]\.money: is not known here/,
  ],
  [
    'an account twice',
    'accounts: [{ id: DU12345 }, { id: DU12345 }]',
    /:1:11 accounts: names an account twice/,
  ],
  [
    'a time that is none',
    'accounts: [{ id: DU12345, executions: [{ time: soon }] }]',
    /time: must be a time like/,
  ],
] as const)
  test(`${title} is refused with its line and the reason`, async () =>
    expect(read(text)).rejects.toThrow(reason))
