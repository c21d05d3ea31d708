import { invalid } from '../../errors.ts'
import { type ContractQuery, readContract } from '../contract.ts'
import type { FieldReader } from '../fields.ts'
import { UNSET_DOUBLE, UNSET_INTEGER } from '../messages/unset.ts'

/** An order as a client sends it, before anybody has looked whether it makes sense. Null is a field that is not set. */
export interface OrderRequest {
  readonly contract: ContractQuery
  readonly action: string
  readonly quantity: number
  readonly orderType: string
  readonly limitPrice: number | null
  readonly auxPrice: number | null
  readonly timeInForce: string
  readonly goodTillDate: string
  readonly goodAfterTime: string
  readonly ocaGroup: string
  readonly ocaType: number
  readonly account: string
  readonly orderRef: string
  /** Null when the client has left the field empty. */
  readonly transmit: boolean | null
  readonly parentId: number
  readonly triggerMethod: number
  readonly outsideRth: boolean
  readonly trailStopPrice: number | null
  readonly trailingPercent: number | null
  readonly limitOffset: number | null
  readonly isWhatIf: boolean
  /** What it wants that is not simulated, in the words of the protocol. */
  readonly unsupported: readonly string[]
}

/** Levels at which fields came and went. */
const NO_FA_PROFILE = 177
const CUSTOMER_ACCOUNT = 183
const PROFESSIONAL_CUSTOMER = 184
const RFQ = 187
const NO_RFQ = 190
const INCLUDE_OVERNIGHT = 189
const MANUAL_INDICATOR = 192

const names = <Text extends string>(text: Text) => text.split(' ') as Words<Text>[]
type Words<Text extends string> = Text extends `${infer Word} ${infer Rest}` ? Word | Words<Rest> : Text

const BASICS = names(
  'secIdType secId action totalQuantity orderType lmtPrice auxPrice tif ocaGroup account openClose origin orderRef transmit parentId blockOrder sweepToFill displaySize triggerMethod outsideRth hidden',
)
const TIMES = names(
  'sharesAllocation discretionaryAmt goodAfterTime goodTillDate faGroup faMethod faPercentage',
)
const EXTENDED = names(
  'modelCode shortSaleSlot designatedLocation exemptCode ocaType rule80A settlingFirm allOrNone minQty percentOffset eTradeOnly firmQuoteOnly nbboPriceCap auctionStrategy startingPrice stockRefPrice delta stockRangeLower stockRangeUpper overridePercentageConstraints volatility volatilityType deltaNeutralOrderType deltaNeutralAuxPrice',
)
const DELTA_NEUTRAL_FIELDS = 8
const TRAIL = names(
  'continuousUpdate referencePriceType trailStopPrice trailingPercent scaleInitLevelSize scaleSubsLevelSize scalePriceIncrement',
)
const SCALE_FIELDS = 7
const HEDGE = names('scaleTable activeStartTime activeStopTime hedgeType')
const CLEARING = names('optOutSmartRouting clearingAccount clearingIntent notHeld deltaNeutralContract')
const OPTIONS = names('algoId whatIf orderMiscOptions solicited randomizeSize randomizePrice nConditions')
const ADJUSTED = names(
  'adjustedOrderType triggerPrice lmtPriceOffset adjustedStopPrice adjustedStopLimitPrice adjustedTrailingAmount adjustableTrailingUnit',
)
const LAST = names(
  'extOperator softDollarName softDollarValue cashQty mifidDecisionMaker mifidDecisionAlgo mifidExecutionTrader mifidExecutionAlgo dontUseAutoPriceForHedge isOmsContainer discretionaryUpToLimitPrice usePriceMgmtAlgo duration postToAts autoCancelParent advancedErrorOverride manualOrderTime',
)

/**
 * Reads an order after its id, as it lies on the wire at a level of the protocol. Kinds of orders that bring fields of
 * their own end the reading: nothing of them is simulated. Throws `invalid` on a field that is missing or no number.
 */
export function readOrder(fields: FieldReader, version: number): OrderRequest {
  const contract = readContract(fields)
  const basics = fields.named(BASICS)
  const known = { ...NOTHING, contract, ...basicsOf(basics) }
  if (contract.secType === 'BAG' || basics.orderType.startsWith('PEG')) return known
  const times = fields.named(TIMES)
  fields.skip(version < NO_FA_PROFILE ? 1 : 0)
  const extended = fields.named(EXTENDED)
  fields.skip(extended.deltaNeutralOrderType === '' ? 0 : DELTA_NEUTRAL_FIELDS)
  return { ...known, ...timesOf(times), ocaType: integer(extended, 'ocaType'), ...readRest(fields, version) }
}

/** From `continuousUpdate` on. */
function readRest(fields: FieldReader, version: number): Partial<OrderRequest> {
  const trail = fields.named(TRAIL)
  fields.skip((number(trail, 'scalePriceIncrement') ?? 0) > 0 ? SCALE_FIELDS : 0)
  const { hedgeType } = fields.named(HEDGE)
  fields.skip(hedgeType === '' ? 0 : 1)
  fields.skip(fields.named(CLEARING).deltaNeutralContract === '1' ? 3 : 0)
  const algoStrategy = readAlgorithm(fields)
  const options = fields.named(OPTIONS)
  const known = {
    trailStopPrice: number(trail, 'trailStopPrice'),
    trailingPercent: number(trail, 'trailingPercent'),
    isWhatIf: flag(options, 'whatIf') ?? false,
  }
  if (integer(options, 'nConditions') > 0) return { ...known, unsupported: ['conditions'] }
  const { lmtPriceOffset, cashQty } = readLast(fields, version)
  const wanted = { hedgeType, algoStrategy, cashQty: Number(cashQty) > 0 ? cashQty : '' }
  const unsupported = Object.entries(wanted).flatMap(([name, value]) => (value === '' ? [] : [name]))
  return { ...known, unsupported, limitOffset: number({ lmtPriceOffset }, 'lmtPriceOffset') }
}

/** An algorithm by its name, with its parameters read over. */
function readAlgorithm(fields: FieldReader): string {
  const name = fields.text()
  if (name !== '') fields.skip(2 * fields.integer())
  return name
}

function readLast(fields: FieldReader, version: number) {
  const { lmtPriceOffset } = fields.named(ADJUSTED)
  const { cashQty } = fields.named(LAST)
  const since = [CUSTOMER_ACCOUNT, PROFESSIONAL_CUSTOMER, INCLUDE_OVERNIGHT, MANUAL_INDICATOR]
  fields.skip(since.filter((level) => version >= level).length)
  fields.skip(version >= RFQ && version < NO_RFQ ? 2 : 0)
  if (fields.left > 0) throw invalid(`${fields.left} fields too many`)
  return { lmtPriceOffset, cashQty }
}

const basicsOf = (basics: Readonly<Record<(typeof BASICS)[number], string>>) => ({
  action: basics.action,
  quantity: number(basics, 'totalQuantity') ?? 0,
  orderType: basics.orderType,
  limitPrice: number(basics, 'lmtPrice'),
  auxPrice: number(basics, 'auxPrice'),
  timeInForce: basics.tif,
  ocaGroup: basics.ocaGroup,
  account: basics.account,
  orderRef: basics.orderRef,
  transmit: flag(basics, 'transmit'),
  parentId: integer(basics, 'parentId'),
  triggerMethod: integer(basics, 'triggerMethod'),
  outsideRth: flag(basics, 'outsideRth') ?? false,
})

const timesOf = ({ goodAfterTime, goodTillDate }: Record<'goodAfterTime' | 'goodTillDate', string>) => ({
  goodAfterTime,
  goodTillDate,
})

const NOTHING = {
  ...{ goodTillDate: '', goodAfterTime: '', ocaType: 0, trailStopPrice: null, trailingPercent: null },
  ...{ limitOffset: null, isWhatIf: false, unsupported: [] },
}

const UNSET: readonly string[] = ['', UNSET_DOUBLE, UNSET_INTEGER]
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i

function number<Name extends string>(fields: Readonly<Record<Name, string>>, name: Name): number | null {
  const text = fields[name]
  if (UNSET.includes(text)) return null
  const value = NUMBER.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(value)) throw invalid(`${name} is no number: ${JSON.stringify(text)}`)
  return value === Number.MAX_VALUE ? null : value
}

function integer<Name extends string>(fields: Readonly<Record<Name, string>>, name: Name): number {
  const value = number(fields, name) ?? 0
  if (!Number.isSafeInteger(value)) throw invalid(`${name} is no integer: ${JSON.stringify(fields[name])}`)
  return value
}

function flag<Name extends string>(fields: Readonly<Record<Name, string>>, name: Name): boolean | null {
  return fields[name] === '' ? null : integer(fields, name) !== 0
}
