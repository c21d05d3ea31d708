import { z } from 'zod'
import { operation } from './operation.ts'

export const getLiveness = operation({
  method: 'get',
  path: '/health/live',
  operationId: 'getLiveness',
  tag: 'Operations',
  summary: 'Whether the process answers',
  access: 'open',
  always: true,
  answers: {
    200: {
      description: 'It does.',
      schema: z.strictObject({ status: z.literal('live') }).meta({ id: 'Liveness' }),
      example: { status: 'live' },
    },
  },
})

export const getReadiness = operation({
  method: 'get',
  path: '/health/ready',
  operationId: 'getReadiness',
  tag: 'Operations',
  summary: 'Whether the service can do its work',
  description: '503 with `reasons` while something that it needs is missing.',
  access: 'read',
  always: true,
  answers: {
    200: {
      description: 'It can.',
      schema: z.strictObject({ status: z.literal('ready') }).meta({ id: 'Readiness' }),
      example: { status: 'ready' },
    },
  },
  problems: [503],
})
