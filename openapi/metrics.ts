import { operation } from './operation.ts'

export const getMetrics = operation({
  method: 'get',
  path: '/metrics',
  operationId: 'getMetrics',
  tag: 'Operations',
  summary: 'Get the figures of this process for Prometheus',
  description:
    'The text format of Prometheus. A figure that cannot be read now is left out. docs/operations.md lists them.',
  access: 'read',
  always: true,
  answers: {
    200: {
      description: 'Figures as text.',
      schema: null,
      mediaType: 'text/plain',
    },
  },
})
