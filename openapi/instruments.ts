import { z } from 'zod'
import { symbol } from './fields.ts'
import { operation } from './operation.ts'
import { page, pageQuery } from './page.ts'

const instrument = z
  .strictObject({
    symbol,
    conId: z.int().min(0).describe("IB's number of the contract; 0 until the gateway has qualified it."),
    exchange: z.string(),
    primaryExchange: z.string(),
    currency: z.string(),
    minTick: z.number().describe('The smallest price step, in the currency.'),
    tracked: z.boolean().describe('Whether the collector asks for its bars.'),
  })
  .meta({ id: 'Instrument' })

const EXAMPLE = {
  symbol: 'SPY',
  conId: 756733,
  exchange: 'SMART',
  primaryExchange: 'ARCA',
  currency: 'USD',
  minTick: 0.01,
  tracked: true,
}

const ROOM =
  "No more are tracked at a time than IB's pacing limits allow: one more is 409, which says how many."

const params = z.strictObject({ symbol })

export const listInstruments = operation({
  method: 'get',
  path: '/v1/instruments',
  operationId: 'listInstruments',
  tag: 'Market data',
  summary: 'List the instruments',
  description: 'Oldest first.',
  access: 'read',
  query: z.strictObject(pageQuery),
  answers: {
    200: {
      description: 'A page of instruments.',
      schema: page(instrument, 'InstrumentPage'),
      example: { items: [EXAMPLE], nextCursor: null },
    },
  },
  problems: [400, 503],
})

export const addInstrument = operation({
  method: 'post',
  path: '/v1/instruments',
  operationId: 'addInstrument',
  tag: 'Market data',
  summary: 'Add an instrument',
  description: `Qualifies the contract with the gateway and tracks it. A symbol that is known already is brought up to date. ${ROOM}`,
  access: 'write',
  body: z.strictObject({ symbol }).meta({ id: 'NewInstrument' }),
  bodyExample: { symbol: 'SPY' },
  idempotent: true,
  answers: {
    201: {
      description: 'The instrument, tracked from now on.',
      schema: instrument,
      example: EXAMPLE,
      headers: { Location: 'Where the instrument is found.' },
    },
  },
  problems: [404, 409, 429, 503],
})

export const getInstrument = operation({
  method: 'get',
  path: '/v1/instruments/{symbol}',
  operationId: 'getInstrument',
  tag: 'Market data',
  summary: 'Get an instrument',
  access: 'read',
  params,
  etag: true,
  answers: { 200: { description: 'The instrument.', schema: instrument, example: EXAMPLE } },
  problems: [404, 503],
})

export const changeInstrument = operation({
  method: 'patch',
  path: '/v1/instruments/{symbol}',
  operationId: 'changeInstrument',
  tag: 'Market data',
  summary: 'Track an instrument, or stop tracking it',
  description: `Its stored bars are kept either way. ${ROOM}`,
  access: 'write',
  params,
  body: z.strictObject({ tracked: z.boolean() }).meta({ id: 'InstrumentChange' }),
  bodyExample: { tracked: true },
  answers: { 200: { description: 'The instrument as it is now.', schema: instrument, example: EXAMPLE } },
  problems: [404, 409, 503],
})
