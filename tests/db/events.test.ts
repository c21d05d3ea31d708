import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../support/database.ts'
import { gatewayEvent } from '../support/events.ts'

const { pool, stores, drop } = await testDatabase()
afterAll(drop)

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('who has seen a sequence has seen all below it, whoever appends meanwhile and however slowly it commits', async () => {
  const [writers, each] = [4, 40]
  let isWriting = true
  const seen: number[] = []
  const read = async () => {
    while (isWriting || seen.length < (await stores.events.latest())) {
      const found = await stores.events.after(seen.at(-1) ?? 0, 1_000)
      seen.push(...found.map(({ sequence }) => sequence))
    }
  }
  const write = async (writer: number) => {
    for (let i = 0; i < each; i++) {
      const work = stores.transaction(async (tx) => {
        await tx.events.append([gatewayEvent(i), gatewayEvent(i)].slice(i % 2))
        if (i % 8 === writer) await pause(5)
        if (i % 10 === writer) throw new Error('undone')
      })
      await work.catch(() => {})
    }
  }
  const reading = read()
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))
  isWriting = false
  await reading
  expect(seen.length).toBeGreaterThan(writers * each)
  expect(seen).toEqual(seen.map((_, i) => i + 1))
})

test('a commit that appends wakes whoever listens, one that is undone does not', async () => {
  const client = await pool.connect()
  let notices = 0
  client.on('notification', () => notices++)
  await client.query('listen ibkr_events')
  const undone = stores.transaction(async (tx) => {
    await tx.events.append([gatewayEvent(1)])
    throw new Error('undone')
  })
  await expect(undone).rejects.toThrow('undone')
  await stores.transaction(async (tx) => {
    await tx.events.append([gatewayEvent(2)])
    await client.query('select')
    expect(notices).toBe(0)
  })
  await client.query('select')
  expect(notices).toBe(1)
  client.release(true)
})
