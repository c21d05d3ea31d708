import { type EpochMs, parseInstant } from '../market/time.ts'

// The calendar has sessions from 1998 to 2099, and a market looks for some before its time and for one after it.
const FIRST = parseInstant('1998-02-01T00:00:00Z')
const LAST = parseInstant('2099-12-01T00:00:00Z')

/** Whether a market can live at that time. */
export const isMarketTime = (at: EpochMs): boolean => FIRST <= at && at < LAST

export const NO_MARKET_TIME = 'is no time of a market: it lives from February 1998 to November 2099'
