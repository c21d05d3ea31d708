import { z } from 'zod'
import { operation } from './operation.ts'

const SHARED = { method: 'get', tag: 'Documentation', access: 'read' } as const

export const getDocument = operation({
  ...SHARED,
  path: '/openapi.json',
  operationId: 'getDocument',
  summary: 'This document',
  etag: true,
  answers: {
    200: {
      description: 'OpenAPI 3.1.',
      schema: z.looseObject({ openapi: z.string() }).meta({ id: 'OpenApiDocument' }),
    },
  },
})

export const showDocs = operation({
  ...SHARED,
  path: '/docs',
  operationId: 'showDocs',
  summary: 'This document, to read and try',
  etag: true,
  answers: { 200: { description: 'A page that needs no internet.', schema: null, mediaType: 'text/html' } },
})

export const getDocsFile = operation({
  ...SHARED,
  path: '/docs/{file}',
  operationId: 'getDocsFile',
  summary: 'A script or style of that page',
  etag: true,
  params: z.strictObject({
    file: z
      .string()
      .max(100)
      .meta({ examples: ['swagger-ui.css'] }),
  }),
  answers: { 200: { description: 'The file.', schema: null, mediaType: '*/*' } },
  problems: [404],
})

export const showRoot = operation({
  ...SHARED,
  path: '/',
  operationId: 'showRoot',
  summary: 'Leads to the documentation',
  answers: {
    302: { description: 'See there.', schema: null, headers: { Location: '`/docs`' } },
  },
})
