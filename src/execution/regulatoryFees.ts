/** A row of a dated table: valid from this date of the exchange (`YYYY-MM-DD`) until the next row's. */
interface Dated {
  readonly from: string
}

/**
 * What regulators take of a sale, in dollars, passed on by every broker: the SEC's section 31 fee, FINRA's Trading
 * Activity Fee and the Consolidated Audit Trail's fee. Not rounded: IBKR passes on fractions of a cent.
 * The audit trail bills buyers as well; it is counted on sales alone (strategy, F3), at most 0.000048 a share.
 */
export function regulatoryFees(date: string, quantity: number, value: number): number {
  const section31 = inForce(SECTION_31, date)?.perMillion ?? 0
  const activity = inForce(TRADING_ACTIVITY, date) ?? { perShare: 0, most: 0 }
  const auditTrail = inForce(AUDIT_TRAIL, date)?.perShare ?? 0
  return (
    (value * section31) / 1_000_000 +
    Math.min(quantity * activity.perShare, activity.most) +
    quantity * auditTrail
  )
}

/** The last row that is valid from `date` or before; halved, because texts take their time to compare. */
function inForce<Row extends Dated>(rows: readonly Row[], date: string): Row | undefined {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rows[middle]!.from <= date) low = middle + 1
    else high = middle
  }
  return low === 0 ? undefined : rows[low - 1]
}

/**
 * Section 31 of the Securities Exchange Act: dollars per million of sales. A rate stands in the SEC's Fee Rate Advisory
 * (FRA) of a fiscal year or in a notice of NASD or FINRA. Where only the rate was found, the date is the statute's:
 * 30 days (60 from fiscal 2012 on) after the SEC's appropriation was signed; such rows say so.
 */
const SECTION_31: readonly (Dated & { readonly perMillion: number })[] = [
  { from: '1998-01-01', perMillion: 100 / 3 }, // 15 U.S.C. 78ee before Pub. L. 107-123: 1/300 of 1 %
  { from: '2001-12-28', perMillion: 15 }, // FRA 8 of 2002-01-16: Pub. L. 107-123, retroactively
  { from: '2002-04-01', perMillion: 30.1 }, // mid-year adjustment; NASD Member Alert 2003-03-03
  { from: '2003-03-22', perMillion: 25.2 }, // FRA 11, fiscal 2003
  { from: '2003-04-01', perMillion: 46.8 }, // FRA 12, fiscal 2003
  { from: '2004-02-22', perMillion: 39 }, // FRA 7, fiscal 2004
  { from: '2004-04-01', perMillion: 23.4 }, // FRA 8, fiscal 2004
  { from: '2005-01-07', perMillion: 32.9 }, // FRA 6, fiscal 2005
  { from: '2005-04-01', perMillion: 41.8 }, // FRA 7, fiscal 2005
  { from: '2005-12-22', perMillion: 30.7 }, // annual adjustment, fiscal 2006; NASD Member Alert 2005-09-30
  { from: '2007-03-17', perMillion: 15.3 }, // FRA 4, fiscal 2007; date by the statute
  { from: '2008-01-25', perMillion: 11 }, // FRA 1, fiscal 2008; date by the statute
  { from: '2008-04-01', perMillion: 5.6 }, // FINRA Information Notice 3/10/08
  { from: '2009-04-10', perMillion: 25.7 }, // FINRA Information Notice 10/2/09; date by the statute
  { from: '2010-01-15', perMillion: 12.7 }, // SEC release 2009-270
  { from: '2010-04-01', perMillion: 16.9 }, // FINRA Information Notice 3/10/10
  { from: '2011-01-21', perMillion: 19.2 }, // FRA 5, fiscal 2011
  { from: '2012-02-21', perMillion: 18 }, // FRA 5, fiscal 2012
  { from: '2012-04-01', perMillion: 22.4 }, // FRA 2, fiscal 2013, names it as current; the date is mid-year's
  { from: '2013-05-25', perMillion: 17.4 }, // FINRA Information Notice 3/3/14; date by the statute
  { from: '2014-03-18', perMillion: 22.1 }, // FINRA Information Notice 3/3/14
  { from: '2015-02-14', perMillion: 18.4 }, // date by the statute; rate as commonly told, its advisory was not read
  { from: '2016-02-16', perMillion: 21.8 }, // FINRA Information Notice 3/15/16; date by the statute
  { from: '2017-07-04', perMillion: 23.1 }, // SEC fee rate advisory, fiscal 2017
  { from: '2018-05-22', perMillion: 13 }, // FRA 3, fiscal 2018
  { from: '2019-04-16', perMillion: 20.7 }, // FRA 2, fiscal 2019
  { from: '2020-02-18', perMillion: 22.1 }, // FINRA Information Notice 2/3/20
  { from: '2021-02-25', perMillion: 5.1 }, // FRA 2, fiscal 2021
  { from: '2022-05-14', perMillion: 22.9 }, // SEC fee rate advisory, fiscal 2022
  { from: '2023-02-27', perMillion: 8 }, // SEC fee rate advisory, fiscal 2023
  { from: '2024-05-22', perMillion: 27.8 }, // FRA 2, fiscal 2024
  { from: '2025-05-14', perMillion: 0 }, // FINRA Information Notice 4/24/25: the year's target was collected
  { from: '2026-04-04', perMillion: 20.6 }, // SEC fee rate advisory of 2026-02-27, fiscal 2026
]

/** FINRA's (until 2007 NASD's) Trading Activity Fee: dollars per share sold, and the most that a trade pays. */
const TRADING_ACTIVITY: readonly (Dated & { readonly perShare: number; readonly most: number })[] = [
  // NASD, 2002-10-17. Notice 03-43 speaks of an increase in September 2003: between them it was lower for a time; that
  // figure was not found, so the higher one is kept.
  { from: '2002-10-01', perShare: 0.0001, most: 10 },
  { from: '2004-11-01', perShare: 0.000_075, most: 3.75 }, // Notice to Members 04-84
  { from: '2011-07-01', perShare: 0.000_09, most: 4.5 }, // Regulatory Notice 11-27
  { from: '2012-03-01', perShare: 0.000_095, most: 4.75 }, // Regulatory Notice 12-06
  { from: '2012-07-01', perShare: 0.000_119, most: 5.95 }, // FINRA's forms of July 2012; SR-FINRA-2020-032
  { from: '2022-01-01', perShare: 0.000_13, most: 6.49 }, // SR-FINRA-2020-032
  { from: '2023-01-01', perShare: 0.000_145, most: 7.27 }, // SR-FINRA-2020-032
  { from: '2024-01-01', perShare: 0.000_166, most: 8.3 }, // SR-FINRA-2020-032
  { from: '2026-01-01', perShare: 0.000_195, most: 9.79 }, // SR-FINRA-2024-019
  { from: '2026-10-01', perShare: 0, most: 0 }, // SR-FINRA-2026-021: suspended to the end of the year
  { from: '2027-01-01', perShare: 0.000_232, most: 11.61 }, // SR-FINRA-2024-019, as scheduled
  { from: '2028-01-01', perShare: 0.000_24, most: 12.05 }, // SR-FINRA-2024-019, as scheduled
]

/** FINRA rule 6897: the prospective and the historical fee of the Consolidated Audit Trail, dollars per share. */
const AUDIT_TRAIL: readonly (Dated & { readonly perShare: number })[] = [
  { from: '2024-09-01', perShare: 0.000_035 }, // CAT Fee 2024-1
  { from: '2024-10-01', perShare: 0.000_048 }, // with Historical CAT Assessment 1, 0.000013
  { from: '2025-01-01', perShare: 0.000_035 }, // CAT Fee 2025-1, 0.000022 as commonly told; its filing was not read
  { from: '2025-07-01', perShare: 0.000_022 }, // CAT Fee 2025-2, 0.000009
  { from: '2025-12-01', perShare: 0 }, // no invoices until further notice
  { from: '2026-05-01', perShare: 0.000_003 }, // CAT Fee 2026-1 with Historical CAT Assessment 1A
]
