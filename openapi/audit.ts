import { z } from 'zod'
import { utcInstant } from './fields.ts'
import { operation } from './operation.ts'
import { page, pageQuery } from './page.ts'
import { scope } from './tokens.ts'

const sequence = z.int().min(1)
const sha256 = z.string().regex(/^[\da-f]{64}$/)

const entry = z
  .strictObject({
    sequence: sequence.describe('From 1 on, without holes.'),
    time: utcInstant.describe('Machine time.'),
    kind: z
      .enum(['asked', 'answered', 'refused'])
      .describe(
        '`asked` before a command is carried out · `answered` after it, or never where a crash came between · `refused` for who may not give it.',
      ),
    actor: z
      .string()
      .nullable()
      .describe('The id of the token; null where none was needed, or none was right.'),
    scope: scope.nullable().describe('That by which the token was let in.'),
    address: z.string().nullable().describe("The peer's."),
    operation: z.string().nullable().describe('`operationId`; null where nothing is at the path.'),
    method: z.string(),
    path: z.string().describe('With the query; cut at 1,000 characters.'),
    bodyHash: sha256.nullable().describe('SHA-256 of the body; null where it had not been read.'),
    status: z.int().nullable().describe('What was answered.'),
    asked: sequence.nullable().describe('The entry that this one answers.'),
    traderBefore: z.string().nullable().describe("The trader's level, for commands that concern it."),
    traderAfter: z.string().nullable(),
    previous: sha256.describe('The hash of the entry before; zeros in the first one.'),
    hash: sha256.describe(
      'SHA-256 of a JSON array of the fields above but in the order sequence, previous, time in milliseconds, kind, actor, scope, address, operation, method, path, bodyHash, status, asked, traderBefore, traderAfter.',
    ),
  })
  .meta({ id: 'AuditEntry' })

export const listAudit = operation({
  method: 'get',
  path: '/v1/audit',
  operationId: 'listAudit',
  tag: 'Access',
  summary: 'List the commands that were given, newest first',
  description:
    'Every request that changes something, told before it is carried out and after it, and every one that was refused for who asked (at most ten a minute of one address). Each entry carries the hash of the one before: `npm run audit:verify` finds the first that was changed or taken out.',
  access: 'admin',
  query: z.strictObject(pageQuery),
  answers: {
    200: {
      description: 'A page of the log.',
      schema: page(entry, 'AuditPage'),
      example: {
        items: [
          {
            sequence: 2,
            time: '2026-01-05T10:00:00.125Z',
            kind: 'answered',
            actor: '0b3e4c1a-5f0e-4a52-9f0c-6f3f5f1f8a11',
            scope: 'trade',
            address: '127.0.0.1',
            operation: 'addBackfill',
            method: 'POST',
            path: '/v1/backfills',
            bodyHash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
            status: 202,
            asked: 1,
            traderBefore: null,
            traderAfter: null,
            previous: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
            hash: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752',
          },
        ],
        nextCursor: null,
      },
    },
  },
  problems: [400, 503],
})
