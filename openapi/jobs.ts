import { z } from 'zod'
import { utcInstant } from './fields.ts'
import { operation } from './operation.ts'
import { page, pageQuery } from './page.ts'

const jobName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/)
  .meta({ id: 'JobName', examples: ['collect-bars'] })

const job = z
  .strictObject({
    name: jobName,
    pattern: z.string().describe('Cron, seconds first, in New York time.'),
    lastRun: utcInstant.nullable().describe('Market time.'),
    nextRun: utcInstant.nullable().describe('Market time; null when it will not run again.'),
    lastResult: z.enum(['done', 'failed']).nullable(),
    detail: z.string().nullable().describe('One sentence on the last run.'),
  })
  .meta({ id: 'Job' })

const EXAMPLE = {
  name: 'collect-bars',
  pattern: '*/15 * 9-15 * * 1-5',
  lastRun: '2013-10-09T14:00:00Z',
  nextRun: '2013-10-09T14:00:15Z',
  lastResult: 'done',
  detail: '15 bars of SPY',
}

export const listJobs = operation({
  method: 'get',
  path: '/v1/jobs',
  operationId: 'listJobs',
  tag: 'Operations',
  summary: 'List the cron lines',
  access: 'read',
  query: z.strictObject(pageQuery),
  answers: {
    200: {
      description: 'A page of cron lines.',
      schema: page(job, 'JobPage'),
      example: { items: [EXAMPLE], nextCursor: null },
    },
  },
  problems: [400, 503],
})

export const runJob = operation({
  method: 'post',
  path: '/v1/jobs/{name}/runs',
  operationId: 'runJob',
  tag: 'Operations',
  summary: 'Run a job now',
  description: 'Answers when the run has ended, with its result; a job that is running already is 409.',
  access: 'write',
  params: z.strictObject({ name: jobName }),
  idempotent: true,
  answers: { 201: { description: 'The line after the run.', schema: job, example: EXAMPLE } },
  problems: [404, 409, 503],
})
