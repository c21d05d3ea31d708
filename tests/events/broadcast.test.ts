import { expect, onTestFinished, test } from 'vitest'
import { unavailable } from '../../src/errors.ts'
import { Broadcast } from '../../src/events/broadcast.ts'
import { seededRandom } from '../../src/market/seededRandom.ts'
import { isoInstant } from '../../src/market/time.ts'
import type { EventStream, StreamRequest } from '../../src/ports/eventStreams.ts'
import type { NewEvent } from '../../src/ports/events.ts'
import { secondAt } from '../support/bars.ts'
import { gatewayEvent } from '../support/events.ts'
import { manualClock } from '../support/manualClock.ts'
import { silentLog } from '../support/simulator.ts'
import { memoryDatabase } from '../support/twins/database.ts'

/** A broadcast of an outbox in memory, on a clock that stands still. */
function stage() {
  const machine = manualClock(secondAt(0))
  const { stores, bell } = memoryDatabase({ clock: machine })
  const outage: { error: Error | null } = { error: null }
  const reads = { count: 0 }
  const events = {
    latest: () => stores.events.latest(),
    after(sequence: number, limit: number) {
      reads.count++
      return outage.error ? Promise.reject(outage.error) : stores.events.after(sequence, limit)
    },
  }
  const broadcast = new Broadcast({ events, bell, machine, log: silentLog })
  onTestFinished(() => broadcast.close())
  const open = async (request: Partial<StreamRequest> = {}) =>
    listening(await broadcast.open({ after: null, types: null, ...request }))
  const append = (count: number, make = (at: number): NewEvent => gatewayEvent(at)) =>
    stores.events.append(Array.from({ length: count }, (_, at) => make(at)))
  return { machine, broadcast, open, append, outage, reads }
}

type Listener = ReturnType<typeof listening>

/** A client that reads when it is told to. */
function listening({ frames, givenUp }: EventStream) {
  const source = frames[Symbol.asyncIterator]()
  let text = ''
  return {
    givenUp,
    /** Takes one chunk; false at the end. */
    async take(): Promise<boolean> {
      const { done, value } = await source.next()
      if (!done) text += Buffer.from(value).toString()
      return done !== true
    },
    async takeAll(): Promise<void> {
      while (await this.take());
    },
    leave: () => source.return?.(),
    text: () => text,
    /** Sequences of the events that it has seen. */
    seen: () => [...text.matchAll(/^id: (\d+)\nevent: (?!reset)/gm)].map(([, id]) => Number(id)),
    /** What a browser would send as Last-Event-ID. */
    lastId: () => Number([...text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? 0),
  }
}

const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** Lets everything happen that needs no time. */
const settle = (clock: { advance(ms: number): Promise<void> }) => clock.advance(0)

test('a client is told what comes after it has connected, as frames with id, type and body', async () => {
  const { open, append, machine } = stage()
  await append(2)
  const client = await open()
  await client.take()
  expect(client.text()).toBe('retry: 2000\nid: 2\n\n')
  const taking = client.take()
  const [event] = await append(1)
  await settle(machine)
  await taking
  const body = {
    id: event!.id,
    type: 'gateway.state',
    time: isoInstant(secondAt(0)),
    sequence: 3,
    data: event!.data,
  }
  expect(client.text()).toContain(`\nid: 3\nevent: gateway.state\ndata: ${JSON.stringify(body)}\n\n`)
})

test('a client that comes back is told what it has missed, and goes on', async () => {
  const { open, append, machine } = stage()
  await append(350)
  const client = await open({ after: 3 })
  const taking = client.takeAll()
  await settle(machine)
  await append(2)
  await settle(machine)
  expect(client.seen()).toEqual(upTo(4, 352))
  await client.leave()
  await taking
})

test('of the types that it does not want a client hears nothing, and its place moves on all the same', async () => {
  const { open, append, machine } = stage()
  const stall = (): NewEvent => ({
    type: 'collection.stalled',
    time: secondAt(0),
    data: { since: '2013-10-07T13:30:00Z', detail: 'no bars' },
  })
  await append(150)
  await append(1, stall)
  const client = await open({ after: 0, types: ['collection.stalled'] })
  const taking = client.takeAll()
  await settle(machine)
  await append(5)
  await append(1, stall)
  await append(5)
  await settle(machine)
  expect(client.seen()).toEqual([151, 157])
  expect(client.lastId()).toBe(157)
  await machine.advance(15_000)
  expect(client.text()).toMatch(/: nothing new\nid: 162\n\n$/)
  await client.leave()
  await taking
})

test('however often a client is cut off while events come, it sees each once and in order', async () => {
  const { open, append, machine } = stage()
  const random = seededRandom(7)
  const seen: number[] = []
  let lastId = 0
  for (let round = 0; round < 80; round++) {
    await append(Math.floor(random() * 4))
    const client: Listener = await open({ after: lastId })
    const taking = client.takeAll()
    if (random() < 0.7) await settle(machine)
    await append(Math.floor(random() * 130))
    if (random() < 0.7) await settle(machine)
    await client.leave()
    await taking
    seen.push(...client.seen())
    lastId = Math.max(lastId, client.lastId())
  }
  expect(seen.length).toBeGreaterThan(2_000)
  expect(seen).toEqual(upTo(1, seen.length))
})

test('a sequence that was never given is told as a reset', async () => {
  const { open, append, machine } = stage()
  await append(5)
  const client = await open({ after: 900 })
  await client.take()
  expect(client.text()).toContain('id: 5\nevent: reset\ndata: {"latest":5}\n\n')
  const taking = client.take()
  await append(1)
  await settle(machine)
  await taking
  expect(client.seen()).toEqual([6])
})

test('a client that takes nothing is dropped at 256 events, told where to resume, and hurts nobody', async () => {
  const { open, append, machine } = stage()
  const [stalled, healthy] = [await open(), await open()]
  const taking = healthy.takeAll()
  for (const client of [stalled]) await client.take()
  const last = stalled.take()
  await settle(machine)
  await append(1)
  await last
  for (let i = 0; i < 256; i++) {
    await append(1)
    await settle(machine)
  }
  expect(stalled.givenUp.aborted).toBe(false)
  await append(1)
  await settle(machine)
  expect(healthy.seen()).toEqual(upTo(1, 258))
  await machine.advance(9_999)
  expect(stalled.givenUp.aborted).toBe(false)
  await machine.advance(1)
  expect(stalled.givenUp.aborted).toBe(true)
  await stalled.takeAll()
  expect(stalled.seen()).toEqual([1])
  expect(stalled.text()).toMatch(/event: dropped\ndata: \{"resumeFrom":1\}\n\n$/)
  await healthy.leave()
  await taking
})

test('a megabyte that waits is too much as well', async () => {
  const { open, append, machine } = stage()
  const client = await open()
  await client.take()
  const first = client.take()
  await settle(machine)
  await append(1)
  await first
  await append(60, (at) => gatewayEvent(at, 'x'.repeat(19_000)))
  await settle(machine)
  await client.takeAll()
  expect(client.text()).toContain('event: dropped')
})

test('a client that takes its last frame in time is let go at once', async () => {
  const { open, append, machine } = stage()
  const client = await open()
  await client.take()
  const first = client.take()
  await settle(machine)
  await append(1)
  await first
  for (let i = 0; i < 3; i++) await append(100)
  await settle(machine)
  await client.takeAll()
  await machine.advance(60_000)
  expect(client.givenUp.aborted).toBe(false)
})

test('256 may listen, and a place is free again when one leaves', async () => {
  const { open } = stage()
  const clients = await Promise.all(Array.from({ length: 256 }, () => open()))
  await expect(open()).rejects.toMatchObject({ kind: 'throttled' })
  await clients[7]!.leave()
  await open()
})

test('one reads for all, and nobody while nobody listens', async () => {
  const { open, append, machine, reads } = stage()
  const clients = await Promise.all(Array.from({ length: 50 }, () => open()))
  const taking = clients.map((client) => client.takeAll())
  await settle(machine)
  const before = reads.count
  for (let i = 0; i < 10; i++) {
    await append(1)
    await settle(machine)
  }
  expect(reads.count - before).toBeLessThanOrEqual(20)
  expect(clients.every((client) => client.seen().length === 10)).toBe(true)
  await Promise.all(clients.map((client) => client.leave()))
  await Promise.all(taking)
  await settle(machine)
  const after = reads.count
  await machine.advance(60_000)
  expect(reads.count).toBe(after)
})

test('what the bell has missed is found within a second', async () => {
  const { machine, append, ...rest } = stage()
  const deaf = memoryDatabase({ clock: machine })
  const broadcast = new Broadcast({
    events: deaf.stores.events,
    bell: { listen: () => () => {} },
    machine,
    log: silentLog,
  })
  const client = listening(await broadcast.open({ after: null, types: null }))
  const taking = client.takeAll()
  await deaf.stores.events.append([gatewayEvent(1)])
  await machine.advance(1_000)
  expect(client.seen()).toEqual([1])
  broadcast.close()
  await taking
  expect(rest.reads.count).toBe(0)
})

test('clients stay through an outage of the database and are told what happened in it', async () => {
  const { open, append, machine, outage } = stage()
  const client = await open()
  const taking = client.takeAll()
  await settle(machine)
  outage.error = unavailable('the database does not answer')
  await append(3)
  await machine.advance(5_000)
  expect(client.seen()).toEqual([])
  outage.error = null
  await machine.advance(1_000)
  expect(client.seen()).toEqual([1, 2, 3])
  await client.leave()
  await taking
})

test('one who cannot be caught up is cut off, and its place is free', async () => {
  const { open, append, machine, outage } = stage()
  await append(3)
  outage.error = unavailable('the database does not answer')
  const client = await open({ after: 1 })
  await expect(client.takeAll()).rejects.toThrow('the database does not answer')
  expect(await client.take()).toBe(false)
  await settle(machine)
})

test('when the service stops every stream ends, and none begins', async () => {
  const { open, broadcast } = stage()
  const client = await open()
  const taking = client.takeAll()
  broadcast.close()
  await taking
  await (await open()).takeAll()
})
