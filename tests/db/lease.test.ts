import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openLease } from '../../db/lease.ts'
import { machineClock } from '../../src/clock/machine.ts'
import { epochMs } from '../../src/market/time.ts'
import { testDatabase } from '../support/database.ts'
import { hurriedClock } from '../support/hurriedClock.ts'
import { manualClock } from '../support/manualClock.ts'

async function ownDatabase() {
  const database = await testDatabase()
  onTestFinished(database.drop)
  return database
}

const aborted = (signal: AbortSignal) =>
  signal.aborted ? Promise.resolve() : once(signal, 'abort', { signal: AbortSignal.timeout(10_000) })

test('a lease is lost with its connection, and free for others', async () => {
  const { pool, url } = await ownDatabase()
  const lease = openLease({ url, clock: machineClock, holder: 'first' })
  const held = (await lease.tryAcquire())!
  await pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%lease'",
  )
  await aborted(held.lost)
  const next = (await lease.tryAcquire())!
  expect(next.epoch).toBe(held.epoch + 1)
  await next.release()
  await held.release()
})

test('a holder whose connection falls silent gives the lease up', async () => {
  const { url } = await ownDatabase()
  const line = await silenceable(url)
  const clock = hurriedClock(20)
  const held = (await openLease({ url: line.url, clock, holder: 'first' }).tryAcquire())!
  line.silence()
  await aborted(held.lost)
  expect(held.lost.reason).toMatchObject({ kind: 'unavailable' })
})

test('a holder that hangs is put out by the server, and another takes over within 20 s', async () => {
  const { url } = await ownDatabase()
  const hanging = manualClock(epochMs(0))
  const held = (await openLease({ url, clock: hanging, holder: 'first' }).tryAcquire())!
  const before = Date.now()
  const lease = openLease({ url, clock: machineClock, holder: 'second' })
  const next = await vi.waitUntil(() => lease.tryAcquire(), { timeout: 20_000, interval: 1_000 })
  expect(Date.now() - before).toBeGreaterThan(4_000)
  expect(next).toMatchObject({ epoch: held.epoch + 1 })
  expect(held.lost.aborted).toBe(true)
  await next.release()
})

test('a holder is sure of it while the server answers, and no longer than a third of what the server waits', async () => {
  const { url } = await ownDatabase()
  const line = await silenceable(url)
  const clock = manualClock(epochMs(0))
  const held = (await openLease({ url: line.url, clock, holder: 'first' }).tryAcquire())!
  await clock.advance(2_700)
  await vi.waitFor(() => expect(held.isSure()).toBe(true))
  line.silence()
  await clock.advance(2_700)
  expect(held.isSure()).toBe(false)
  await held.release().catch(() => {})
})

test('the table says who holds it', async () => {
  const { pool, url } = await ownDatabase()
  const held = await openLease({ url, clock: machineClock, holder: 'host, process 17' }).tryAcquire()
  const { rows } = await pool.query('select name, epoch::int, holder from leases')
  expect(rows).toEqual([{ name: 'tws', epoch: 1, holder: 'host, process 17' }])
  await held!.release()
})

/** A way to the server that can stop carrying anything, while both ends stay open. */
async function silenceable(url: string) {
  const { port, hostname } = new URL(url)
  const sockets: Socket[] = []
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    near.pipe(far).pipe(near)
    for (const socket of [near, far]) sockets.push(socket.on('error', () => {}))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const nearUrl = new URL(url)
  nearUrl.port = String((server.address() as AddressInfo).port)
  const silence = () => {
    for (const socket of sockets) socket.unpipe().pause()
  }
  return { url: nearUrl.href, silence }
}
