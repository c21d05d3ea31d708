import { z } from 'zod'
import { meant } from '../src/nearest.ts'

/** Instants are kept between these two, so that no sum of them leaves what a database or a calendar can hold. */
export const FIRST_INSTANT = '1970-01-01T00:00:00Z'
export const LAST_INSTANT = '2100-01-01T00:00:00Z'

const isKept = (text: string): boolean =>
  Date.parse(text) >= Date.parse(FIRST_INSTANT) && Date.parse(text) < Date.parse(LAST_INSTANT)

/** An instant that a client sends: ISO 8601 with `Z` or any offset. */
export const instant = z.iso
  .datetime({
    offset: true,
    abort: true,
    error: 'expected an ISO 8601 instant such as 2013-10-07T13:30:00Z (+ is %2B in a URL)',
  })
  .refine(isKept, `expected an instant from ${FIRST_INSTANT} on and before ${LAST_INSTANT}`)
  .meta({
    id: 'Instant',
    description: `ISO 8601 with \`Z\` or an offset, from ${FIRST_INSTANT} on and before ${LAST_INSTANT}. Finer than a millisecond is cut off.`,
    examples: ['2013-10-07T13:30:00Z', '2013-10-07T09:30:00-04:00'],
  })

/** An instant that we answer: UTC, without a fraction when the second is whole. */
export const utcInstant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/)
  .meta({ id: 'UtcInstant', format: 'date-time', examples: ['2013-10-07T13:30:00Z'] })

/** A date of the exchange. */
export const exchangeDate = z.iso.date().meta({ id: 'ExchangeDate', examples: ['2013-10-07'] })

export const symbol = z
  .string()
  .regex(/^[A-Z][A-Z0-9]{0,11}([. ][A-Z]{1,3})?$/, 'expected a symbol in capitals, such as SPY')
  .meta({ id: 'Symbol', description: "IB's symbol of a stock or fund.", examples: ['SPY'] })

export const barSize = z
  .enum([
    ...(['1s', '5s', '10s', '15s', '30s'] as const),
    ...(['1m', '2m', '3m', '5m', '10m', '15m', '20m', '30m'] as const),
    ...(['1h', '2h', '4h', '1d'] as const),
  ])
  .meta({
    id: 'BarSize',
    description: 'The length of a bar. `1d` is one session, whatever its hours.',
    examples: ['5m'],
  })

export const sessionKind = z
  .enum(['rth', 'all'])
  .meta({ id: 'SessionKind', description: '`rth` regular hours · `all` regular and extended hours.' })

export const alignment = z.enum(['session', 'clock']).meta({
  id: 'Alignment',
  description:
    '`session` counts buckets from the open · `clock` cuts on whole multiples of the size in exchange time.',
})

/** An id that we made. Anything else in its place is an id that we do not know. */
export const id = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .meta({ id: 'Id', description: 'Opaque.', examples: ['0b3e4c1a-5f0e-4a52-9f0c-6f3f5f1f8a11'] })

export const runState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled']).meta({ id: 'RunState' })

/** One of some words. Of another one it is told which may have been meant. */
export const known = <const W extends readonly [string, ...string[]]>(words: W) =>
  z.enum(words, {
    error: ({ input }) =>
      `expected one of ${words.join(', ')}${typeof input === 'string' ? meant(input, words) : ''}`,
  })

/** Some of them, separated by commas, as a parameter. */
export const words = <const W extends readonly [string, ...string[]]>(all: W) =>
  z
    .string()
    .meta({ examples: [all.slice(0, 2).join()] })
    .transform((text, context): W[number][] => {
      const given = text.split(',')
      const wrong = given.find((word) => !all.includes(word))
      if (wrong === undefined) return given
      const message = `expected names separated by commas${meant(wrong, all) || `: ${all.join(', ')}`}`
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    })

export const count = z.int().min(0)

/** A price in the instrument's currency. */
export const price = z.number()

/** `from` and `to` of a half-open range. */
export const range = {
  from: instant.meta({ description: 'The first instant of the range.', examples: ['2013-10-07T13:30:00Z'] }),
  to: instant.meta({ description: 'The first instant after the range.', examples: ['2013-10-07T20:00:00Z'] }),
}

/** The same over what is stored: either end may be left open. */
export const openRange = {
  from: range.from
    .optional()
    .describe('The first instant of the range; that of the first stored bar when left out.'),
  to: range.to
    .optional()
    .describe('The first instant after the range; after the newest stored bar when left out.'),
}

/** A strict object whose `from` must lie before its `to`. */
export const ranged = <S extends (typeof range | typeof openRange) & z.core.$ZodLooseShape>(shape: S) =>
  z.strictObject(shape).refine((value) => isForward(value as Ends), {
    path: ['to'],
    message: 'must be later than from',
  })

interface Ends {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

const isForward = ({ from = FIRST_INSTANT, to = LAST_INSTANT }: Ends): boolean =>
  Date.parse(from) < Date.parse(to)
