/**
 * Made by hand from NYSE Group's holiday and early closings calendars (its press releases up to that of 2025-12-23 for
 * 2026-2028) and its notice of the national day of mourning on 2025-01-09. `sessions` = weekdays - closed.
 */
export const PUBLISHED_YEARS = [
  {
    year: 2024, // leap year from Monday: 262 weekdays
    sessions: 252,
    closed: '01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25',
    halfDays: '07-03 11-29 12-24',
  },
  {
    year: 2025, // from Wednesday: 261 weekdays
    sessions: 250,
    closed: '01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25',
    halfDays: '07-03 11-28 12-24',
  },
  {
    year: 2026, // from Thursday: 261 weekdays
    sessions: 251,
    closed: '01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25',
    halfDays: '11-27 12-24',
  },
  {
    year: 2027, // from Friday: 261 weekdays
    sessions: 251,
    closed: '01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24',
    halfDays: '11-26',
  },
  {
    year: 2028, // leap year from Saturday: 260 weekdays; New Year's Day on a Saturday is not observed
    sessions: 251,
    closed: '01-17 02-21 04-14 05-29 06-19 07-04 09-04 11-23 12-25',
    halfDays: '07-03 11-24',
  },
] as const

/** Friday before and Monday after each change of the clocks: regular and extended hours in UTC. */
export const CLOCK_CHANGES = [
  { date: '2024-03-08', rth: '14:30-21:00', all: '09:00-01:00' },
  { date: '2024-03-11', rth: '13:30-20:00', all: '08:00-00:00' },
  { date: '2024-11-01', rth: '13:30-20:00', all: '08:00-00:00' },
  { date: '2024-11-04', rth: '14:30-21:00', all: '09:00-01:00' },
  { date: '2025-03-07', rth: '14:30-21:00', all: '09:00-01:00' },
  { date: '2025-03-10', rth: '13:30-20:00', all: '08:00-00:00' },
  { date: '2025-10-31', rth: '13:30-20:00', all: '08:00-00:00' },
  { date: '2025-11-03', rth: '14:30-21:00', all: '09:00-01:00' },
  { date: '2026-03-06', rth: '14:30-21:00', all: '09:00-01:00' },
  { date: '2026-03-09', rth: '13:30-20:00', all: '08:00-00:00' },
  { date: '2026-10-30', rth: '13:30-20:00', all: '08:00-00:00' },
  { date: '2026-11-02', rth: '14:30-21:00', all: '09:00-01:00' },
  { date: '2027-03-12', rth: '14:30-21:00', all: '09:00-01:00' },
  { date: '2027-03-15', rth: '13:30-20:00', all: '08:00-00:00' },
  { date: '2027-11-05', rth: '13:30-20:00', all: '08:00-00:00' },
  { date: '2027-11-08', rth: '14:30-21:00', all: '09:00-01:00' },
  { date: '2028-03-10', rth: '14:30-21:00', all: '09:00-01:00' },
  { date: '2028-03-13', rth: '13:30-20:00', all: '08:00-00:00' },
  { date: '2028-11-03', rth: '13:30-20:00', all: '08:00-00:00' },
  { date: '2028-11-06', rth: '14:30-21:00', all: '09:00-01:00' },
] as const

/** Days off that no rule foretells. */
export const SPECIAL_CLOSURES =
  '2001-09-11 2001-09-12 2001-09-13 2001-09-14 2004-06-11 2007-01-02 2012-10-29 2012-10-30 2018-12-05 2025-01-09'

/**
 * Every early close from 1998 to 2023 (NYSE: Stocks.NYSE-Closings and the yearly calendars). NYSE's list has 1999-12-24,
 * a holiday, for 1999-12-31: SPY did not trade on the one and stopped early on the other.
 */
export const HALF_DAYS_1998_TO_2023 = `
  1998-11-27 1998-12-24 1999-11-26 1999-12-31 2000-07-03 2000-11-24 2001-07-03 2001-11-23 2001-12-24
  2002-07-05 2002-11-29 2002-12-24 2003-07-03 2003-11-28 2003-12-24 2003-12-26 2004-11-26 2005-11-25
  2006-07-03 2006-11-24 2007-07-03 2007-11-23 2007-12-24 2008-07-03 2008-11-28 2008-12-24 2009-11-27 2009-12-24
  2010-11-26 2011-11-25 2012-07-03 2012-11-23 2012-12-24 2013-07-03 2013-11-29 2013-12-24
  2014-07-03 2014-11-28 2014-12-24 2015-11-27 2015-12-24 2016-11-25 2017-07-03 2017-11-24
  2018-07-03 2018-11-23 2018-12-24 2019-07-03 2019-11-29 2019-12-24 2020-11-27 2020-12-24
  2021-11-26 2022-11-25 2023-07-03 2023-11-24`
