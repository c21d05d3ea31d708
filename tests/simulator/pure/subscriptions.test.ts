import { expect, test } from 'vitest'
import { Subscriptions } from '../../../src/simulator/subscriptions.ts'

/** Streams that note when they are stopped. */
const running = (...names: ['marketData' | 'pnl', number][]) => {
  const stopped: string[] = []
  const subscriptions = new Subscriptions()
  for (const [kind, id] of names) subscriptions.add(kind, id, () => stopped.push(`${kind} ${id}`))
  return { subscriptions, stopped }
}

test('a stream is stopped once, by its kind and its id', () => {
  const { subscriptions, stopped } = running(['marketData', 1], ['pnl', 1], ['marketData', 2])
  expect([subscriptions.stop('marketData', 1), subscriptions.stop('marketData', 1)]).toEqual([true, false])
  expect(stopped).toEqual(['marketData 1'])
  expect([subscriptions.has('pnl', 1), subscriptions.has('marketData', 1)]).toEqual([true, false])
  expect([subscriptions.count('marketData'), subscriptions.ids('marketData')]).toEqual([1, [2]])
})

test('a stream that takes the name of another ends it', () =>
  expect(running(['pnl', 1], ['pnl', 1]).stopped).toEqual(['pnl 1']))

test('all streams can be stopped together, each once', () => {
  const { subscriptions, stopped } = running(['marketData', 1], ['pnl', 1])
  subscriptions.stopAll()
  subscriptions.stopAll()
  expect([stopped, subscriptions.count('marketData')]).toEqual([['marketData 1', 'pnl 1'], 0])
})
