import { beforeEach, expect, test } from 'vitest'
import type { NewEvent } from '../../src/ports/events.ts'
import type { Stores } from '../../src/ports/stores.ts'
import { secondAt } from '../support/bars.ts'
import { gatewayEvent } from '../support/events.ts'

type Subject = Pick<Stores, 'events' | 'transaction'>

const stalled: NewEvent = {
  type: 'collection.stalled',
  time: secondAt(9),
  data: { since: '2013-10-07T13:30:00Z', detail: 'no bars' },
}

/** What any outbox does. `open` gives an empty one, asked for before each test. */
export function eventStoreContract(open: () => Promise<Subject>): void {
  let subject: Subject
  beforeEach(async () => {
    subject = await open()
  })

  test('events are placed one after another and read as they were appended', async () => {
    const { events } = subject
    expect(await events.latest()).toBe(0)
    const placed = await events.append([gatewayEvent(1), stalled])
    expect(placed).toEqual([
      { ...gatewayEvent(1), sequence: 1, id: expect.stringMatching(/^evt_\w+$/) },
      { ...stalled, sequence: 2, id: expect.stringMatching(/^evt_\w+$/) },
    ])
    expect(placed[0]!.id).not.toBe(placed[1]!.id)
    expect(await events.after(0, 10)).toEqual(placed)
    expect(await events.latest()).toBe(2)
    expect(JSON.stringify((await events.after(1, 1))[0]!.data)).toBe(JSON.stringify(stalled.data))
  })

  test('nothing appended is nothing placed', async () => {
    expect(await subject.events.append([])).toEqual([])
    expect(await subject.events.latest()).toBe(0)
  })

  test('reading goes on after a sequence, so many at a time', async () => {
    const { events } = subject
    for (let at = 1; at <= 5; at++) await events.append([gatewayEvent(at)])
    const sequences = async (after: number, limit: number) =>
      (await events.after(after, limit)).map(({ sequence }) => sequence)
    expect(await sequences(0, 2)).toEqual([1, 2])
    expect(await sequences(2, 9)).toEqual([3, 4, 5])
    expect(await sequences(5, 9)).toEqual([])
  })

  test('the list is newest first, page by page, of all types or of some', async () => {
    const { events } = subject
    await events.append([gatewayEvent(1), stalled, gatewayEvent(2), stalled])
    const sequences = async (page: Parameters<typeof events.list>[0]) =>
      (await events.list(page)).map(({ sequence }) => sequence)
    expect(await sequences({ limit: 9 })).toEqual([4, 3, 2, 1])
    expect(await sequences({ limit: 2, before: 4 })).toEqual([3, 2])
    expect(await sequences({ limit: 9, types: ['gateway.state'] })).toEqual([3, 1])
    expect(await sequences({ limit: 1, before: 4, types: ['collection.stalled'] })).toEqual([2])
    expect(await sequences({ limit: 9, types: [] })).toEqual([])
  })

  test('an event goes with the transaction of its fact, and leaves no hole when it is undone', async () => {
    const { events, transaction } = subject
    await events.append([gatewayEvent(1)])
    const undone = transaction(async (tx) => {
      await tx.events.append([gatewayEvent(2), gatewayEvent(3)])
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await events.latest()).toBe(1)
    const placed = await transaction((tx) => tx.events.append([gatewayEvent(4)]))
    expect(placed).toMatchObject([{ sequence: 2 }])
    expect(await events.after(0, 9)).toHaveLength(2)
  })
}
