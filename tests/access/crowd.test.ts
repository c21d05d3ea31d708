import { expect, test } from 'vitest'
import { Crowd } from '../../src/access/crowd.ts'

/** Work that goes on until it is told how it ends. */
function underWay() {
  let end = (_: 'well' | 'badly'): void => {}
  const done = new Promise<'well' | 'badly'>((resolve) => {
    end = resolve
  })
  const work = async (): Promise<string> => {
    if ((await done) === 'badly') throw new Error('badly')
    return 'done'
  }
  return { work, end }
}

test('who comes when it is full is turned away before anything was done, and comes in when one has left', async () => {
  const crowd = new Crowd(2)
  const [first, second] = [underWay(), underWay()]
  const inside = [crowd.hold(first.work), crowd.hold(second.work)]
  let isBegun = false
  const third = async (): Promise<string> => {
    isBegun = true
    return 'third'
  }
  expect(crowd.hold(third)).toBeNull()
  expect(isBegun).toBe(false)

  first.end('well')
  expect(await inside[0]).toBe('done')
  expect(await crowd.hold(third)).toBe('third')
  second.end('badly')
  await expect(inside[1]).rejects.toThrow('badly')
  const [again, more] = [underWay(), underWay()]
  const filled = [crowd.hold(again.work), crowd.hold(more.work)]
  expect(crowd.hold(third)).toBeNull()
  again.end('well')
  more.end('well')
  await Promise.all(filled)
})
