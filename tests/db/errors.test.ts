import { DrizzleQueryError } from 'drizzle-orm/errors'
import { describe, expect, test } from 'vitest'
import { isCollision, storageError } from '../../db/errors.ts'
import { conflict, unavailable } from '../../src/errors.ts'

const coded = (code: string): Error => Object.assign(new Error('as the server says it'), { code })

describe('what a failure of the database means to the caller', () => {
  test.each([
    ['57P01', 'unavailable', 'shutting down'],
    ['57P03', 'unavailable', 'shutting down or starting'],
    ['57014', 'unavailable', 'took too long'],
    ['53100', 'unavailable', 'disk of the database is full'],
    ['53300', 'unavailable', 'out of connections'],
    ['25006', 'unavailable', 'read-only'],
    ['55P03', 'unavailable', 'lock'],
    ['40P01', 'unavailable', 'again and again'],
    ['08006', 'unavailable', 'connection'],
    ['ECONNREFUSED', 'unavailable', 'does not answer'],
    ['28P01', 'refused', 'password'],
    ['3D000', 'refused', 'does not exist'],
    ['22003', 'invalid', 'larger'],
  ])('%s is %s', (code, kind, words) => {
    expect(storageError(coded(code))).toMatchObject({ kind, message: expect.stringContaining(words) })
  })

  test.each([
    'Connection terminated unexpectedly',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'timeout expired',
    'Client has encountered a connection error and is not queryable',
  ])('the driver says "%s" without a code', (message) => {
    expect(storageError(new Error(message))).toMatchObject({ kind: 'unavailable' })
  })

  test('the statement that failed is not told', () => {
    const error = new DrizzleQueryError('select secret', [], coded('53100'))
    expect(String(storageError(error))).not.toContain('secret')
  })

  test('a defect stays one, without the statement', () => {
    const defect = coded('42703')
    expect(storageError(new DrizzleQueryError('select secret', [], defect))).toBe(defect)
  })

  test('errors of others pass', () => {
    for (const error of [conflict('already there'), new Error('no connection to TWS'), 'thrown text']) {
      expect(storageError(error)).toBe(error)
    }
  })
})

test('deadlocks and serialization failures are collisions, however they are wrapped', () => {
  for (const code of ['40001', '40P01']) {
    expect(isCollision(coded(code))).toBe(true)
    expect(isCollision(unavailable('told', { cause: coded(code) }))).toBe(true)
  }
  expect(isCollision(coded('53100'))).toBe(false)
  expect(isCollision(unavailable('told'))).toBe(false)
})
