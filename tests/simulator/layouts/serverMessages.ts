import { epochMs } from '../../../src/market/time.ts'
import type { CompletedOrder, Execution } from '../../../src/simulator/account.ts'
import type { Message } from '../../../src/simulator/fields.ts'
import * as account from '../../../src/simulator/messages/account.ts'
import * as contract from '../../../src/simulator/messages/contract.ts'
import * as history from '../../../src/simulator/messages/history.ts'
import * as openOrders from '../../../src/simulator/messages/openOrder.ts'
import * as orders from '../../../src/simulator/messages/orders.ts'
import * as session from '../../../src/simulator/messages/session.ts'
import * as ticks from '../../../src/simulator/messages/ticks.ts'
import { Order } from '../../../src/simulator/orders/order.ts'

/** A message as the server builds it, as it must lie on the wire, and as a client must understand it. */
export interface ServerMessage {
  readonly made: (version: number) => Message
  /** The names of its fields, after its id: see namesAt. */
  readonly layout: string
  /** What is in them. Those left out are empty. */
  readonly values: Readonly<Record<string, string | number>>
  /** The events that @stoqey/ib must make of it. */
  readonly events: readonly (readonly unknown[])[]
}

const MAX_DOUBLE = '1.7976931348623157E308'
const MAX_INTEGER = '2147483647'

const VALUE = { key: 'NetLiquidation', value: '1000.25', currency: 'USD' }
const HOLDING = {
  ...{ symbol: 'SPY', quantity: 301, averageCost: 302.5, price: 303.5, value: 91_353.5 },
  ...{ unrealizedPnl: 304.5, realizedPnl: 305.5, dailyPnl: 306.5 },
}
const EXECUTION: Execution = {
  ...{ id: 'e.01', time: epochMs(0), symbol: 'SPY', quantity: 401, price: 402.5, exchange: 'ARCA' },
  ...{ commission: 1.25, clientId: 403, orderId: 404, permId: 405, orderRef: 'ref', realizedPnl: 406.5 },
  side: 'BOT',
}
const ORDER: CompletedOrder = {
  ...{
    symbol: 'SPY',
    orderType: 'LMT',
    quantity: 501,
    filledQuantity: 502,
    limitPrice: 503.5,
    stopPrice: 504.5,
  },
  ...{ timeInForce: 'GTC', orderRef: 'ref', permId: 505, clientId: 506, completedAt: epochMs(0) },
  ...{ action: 'SELL', status: 'Filled', reason: 'Filled Size: 502' },
}
/** A trailing stop of a bracket that is partly filled. */
function openOrder(): Order {
  const identity = { account: 'DU1', clientId: 701, orderId: 702, permId: 703, placedAt: epochMs(0) }
  const order = new Order(identity, {
    ...{ symbol: 'SPY', exchange: 'SMART', action: 'SELL', quantity: 704, orderType: 'TRAIL LIMIT' },
    ...{ limitPrice: 705.5, auxPrice: 706.5, timeInForce: 'GTD', goodTillDate: 'till', ocaGroup: 'group' },
    ...{ ocaType: 2, orderRef: 'ref', outsideRth: true, parentId: 707, triggerMethod: 8 },
    ...{ trailStopPrice: 708.5, trailingPercent: 709.5, limitOffset: 710.5 },
  })
  order.phase = 'working'
  order.take(11, 711.5)
  order.take(22, 714.5)
  return order
}
const MARGINS = {
  before: { initial: 1, maintenance: 2, equityWithLoan: 30 },
  after: { initial: 5, maintenance: 7, equityWithLoan: 29 },
  commission: 1.25,
}
const LISTING = {
  ...{ symbol: 'QQQ', conId: 601, primaryExchange: 'NASDAQ', longName: 'LONG NAME', stockType: 'ETF' },
}
const HOURS = { trading: '20240603:0400-20240603:2000', liquid: '20240603:0930-20240603:1600' }
const ROW = ['1717426800', 1.5, 4.5, 0.5, 2.5, '700', '2.25', '70'] as const
const TIME = '20240603 10:00:00 US/Eastern'

/** A US stock as eleven fields, of which the derivative's are as TWS leaves them. */
const STOCK = 'conId symbol secType lastTradeDateOrContractMonth strike right multiplier'
const SPY = {
  ...{ conId: 756733, symbol: 'SPY', secType: 'STK', strike: 0 },
  ...{ currency: 'USD', localSymbol: 'SPY', tradingClass: 'SPY' },
}
/** The same as the library has it. */
const SPY_DECODED = {
  ...{ conId: 756733, symbol: 'SPY', secType: 'STK', lastTradeDateOrContractMonth: '', strike: 0 },
  ...{ right: undefined, currency: 'USD', localSymbol: 'SPY', tradingClass: 'SPY' },
}

const end = (id: number, made: () => Message, event: string, layout = 'version'): ServerMessage => ({
  made,
  layout,
  values: { id, version: 1 },
  events: [[event]],
})

const endOf = (id: number, made: (requestId: number) => Message, event: string): ServerMessage => ({
  made: () => made(31),
  layout: 'version reqId',
  values: { id, version: 1, reqId: 31 },
  events: [[event, expect31]],
})

/** The library reads some ids as text. */
const expect31 = { asymmetricMatch: (other: unknown) => String(other) === '31' }

const tick = (id: number, made: () => Message, value: string | number, name: string): ServerMessage => ({
  made,
  layout: 'version reqId tickType value',
  values: { id, version: 6, reqId: 31, tickType: 8, value },
  events: [[name, 31, 8, value]],
})

const OPEN_ORDER = `orderId ${STOCK} exchange currency localSymbol tradingClass action totalQuantity orderType lmtPrice
  auxPrice tif ocaGroup account openClose origin orderRef clientId permId outsideRth hidden discretionaryAmt
  goodAfterTime sharesAllocation faGroup faMethod faPercentage 177-faProfile modelCode goodTillDate rule80A percentOffset
  settlingFirm shortSaleSlot designatedLocation exemptCode auctionStrategy startingPrice stockRefPrice delta
  stockRangeLower stockRangeUpper displaySize blockOrder sweepToFill allOrNone minQty ocaType eTradeOnly firmQuoteOnly
  nbboPriceCap parentId triggerMethod volatility volatilityType deltaNeutralOrderType deltaNeutralAuxPrice
  deltaNeutralConId deltaNeutralSettlingFirm deltaNeutralClearingAccount deltaNeutralClearingIntent
  deltaNeutralOpenClose deltaNeutralShortSale deltaNeutralShortSaleSlot deltaNeutralDesignatedLocation continuousUpdate
  referencePriceType trailStopPrice1 trailingPercent basisPoints basisPointsType comboLegsDescription nLegs nOrderLegs
  nSmartParams scaleInitLevelSize scaleSubsLevelSize scalePriceIncrement hedgeType optOutSmartRouting clearingAccount
  clearingIntent notHeld deltaNeutralContract algoStrategy solicited whatIf status initMarginBefore maintMarginBefore
  equityWithLoanBefore initMarginChange maintMarginChange equityWithLoanChange initMarginAfter maintMarginAfter
  equityWithLoanAfter commission minCommission maxCommission commissionCurrency warningText randomizeSize randomizePrice
  nConditions adjustedOrderType triggerPrice trailStopPrice lmtPriceOffset adjustedStopPrice adjustedStopLimitPrice
  adjustedTrailingAmount adjustableTrailingUnit name value displayName cashQty dontUseAutoPriceForHedge isOmsContainer
  discretionaryUpToLimitPrice usePriceMgmtAlgo duration postToAts autoCancelParent minTradeQty minCompeteSize
  competeAgainstBestOffset midOffsetAtWhole midOffsetAtHalf 183+customerAccount 184+professionalCustomer
  185+bondAccruedInterest 189+includeOvernight 193+extOperator 193+manualOrderIndicator`

const openOrderValues = (values: Readonly<Record<string, string | number>>) => ({
  ...{ id: 5, orderId: 702, ...SPY, exchange: 'SMART', action: 'SELL', totalQuantity: 704 },
  ...{
    orderType: 'TRAIL LIMIT',
    lmtPrice: 705.5,
    auxPrice: 706.5,
    tif: 'GTD',
    ocaGroup: 'group',
    account: 'DU1',
  },
  ...{
    origin: 0,
    orderRef: 'ref',
    clientId: 701,
    permId: 703,
    outsideRth: 1,
    hidden: 0,
    discretionaryAmt: 0,
  },
  ...{
    goodTillDate: 'till',
    percentOffset: MAX_DOUBLE,
    shortSaleSlot: 0,
    exemptCode: -1,
    auctionStrategy: 0,
  },
  ...{ startingPrice: MAX_DOUBLE, stockRefPrice: MAX_DOUBLE, delta: MAX_DOUBLE, stockRangeLower: MAX_DOUBLE },
  ...{ stockRangeUpper: MAX_DOUBLE, displaySize: MAX_INTEGER, blockOrder: 0, sweepToFill: 0, allOrNone: 0 },
  ...{
    minQty: MAX_INTEGER,
    ocaType: 2,
    eTradeOnly: 0,
    firmQuoteOnly: 0,
    nbboPriceCap: MAX_DOUBLE,
    parentId: 707,
  },
  ...{ triggerMethod: 8, volatility: MAX_DOUBLE, volatilityType: 0, deltaNeutralOrderType: 'None' },
  ...{ deltaNeutralAuxPrice: MAX_DOUBLE, deltaNeutralConId: 0, deltaNeutralOpenClose: '?' },
  ...{ deltaNeutralShortSale: 0, deltaNeutralShortSaleSlot: 0, continuousUpdate: 0, referencePriceType: 0 },
  ...{
    trailStopPrice1: 708.5,
    trailingPercent: 709.5,
    basisPoints: MAX_DOUBLE,
    basisPointsType: MAX_INTEGER,
  },
  ...{ nLegs: 0, nOrderLegs: 0, nSmartParams: 0, scaleInitLevelSize: MAX_INTEGER },
  ...{ scaleSubsLevelSize: MAX_INTEGER, scalePriceIncrement: MAX_DOUBLE, optOutSmartRouting: 0 },
  ...{ clearingIntent: 'IB', notHeld: 0, deltaNeutralContract: 0, solicited: 0, status: 'PreSubmitted' },
  ...{
    randomizeSize: 0,
    randomizePrice: 0,
    nConditions: 0,
    adjustedOrderType: 'None',
    triggerPrice: MAX_DOUBLE,
  },
  ...{ trailStopPrice: 708.5, lmtPriceOffset: 710.5, adjustedStopPrice: MAX_DOUBLE },
  ...{ adjustedStopLimitPrice: MAX_DOUBLE, adjustedTrailingAmount: MAX_DOUBLE, adjustableTrailingUnit: 0 },
  ...{ cashQty: MAX_DOUBLE, dontUseAutoPriceForHedge: 1, isOmsContainer: 0, discretionaryUpToLimitPrice: 0 },
  ...{ usePriceMgmtAlgo: 0, duration: MAX_INTEGER, postToAts: MAX_INTEGER, autoCancelParent: 0 },
  ...{ competeAgainstBestOffset: MAX_DOUBLE, midOffsetAtWhole: MAX_DOUBLE, midOffsetAtHalf: MAX_DOUBLE },
  ...{ professionalCustomer: 0, includeOvernight: 0, manualOrderIndicator: MAX_INTEGER },
  ...values,
})

/** Some fields of an order and of its state, as the library has them. */
const openOrderDecoded = (state: Readonly<Record<string, unknown>>) => [
  ...['openOrder', 702, { ...SPY_DECODED, multiplier: 0, exchange: 'SMART', comboLegsDescription: '' }],
  {
    asymmetricMatch: (seen: Record<string, unknown>) =>
      [
        'orderId',
        'action',
        'totalQuantity',
        'orderType',
        'auxPrice',
        'permId',
        'parentId',
        'trailStopPrice',
        'orderRef',
      ]
        .map((key) => seen[key])
        .join() === '702,SELL,704,TRAIL LIMIT,706.5,703,707,708.5,ref',
  },
  {
    asymmetricMatch: (seen: Record<string, unknown>) =>
      Object.entries(state).every(([key, value]) => seen[key] === value),
  },
]

/** Every message that the server sends, by its name. */
export const SERVER_MESSAGES: Readonly<Record<string, ServerMessage>> = {
  tickPrice: {
    made: () => ticks.tickPrice(31, 1, 101.25, 200, 1),
    layout: 'version reqId tickType price size attrMask',
    values: { id: 1, version: 6, reqId: 31, tickType: 1, price: 101.25, size: 200, attrMask: 1 },
    events: [['tickPrice', 31, 1, 101.25, true]],
  },
  tickSize: tick(2, () => ticks.tickSize(31, 8, 1_234), 1_234, 'tickSize'),
  tickGeneric: tick(45, () => ticks.tickGeneric(31, 8, 0.5), 0.5, 'tickGeneric'),
  tickString: tick(46, () => ticks.tickString(31, 8, '1717426800'), '1717426800', 'tickString'),
  error: {
    made: () => session.error(31, 200, 'Zürich'),
    layout: 'version reqId code text advancedRejectJson',
    values: { id: 4, version: 2, reqId: 31, code: 200, text: 'Z\\u00fcrich' },
    events: [['error', 'Zürich', 200, 31]],
  },
  accountValue: {
    made: () => account.accountValue('DU1', VALUE),
    layout: 'version key value currency account',
    values: { id: 6, version: 2, ...VALUE, account: 'DU1' },
    events: [['updateAccountValue', 'NetLiquidation', '1000.25', 'USD', 'DU1']],
  },
  portfolioValue: {
    made: () => account.portfolioValue('DU1', HOLDING),
    layout: `version ${STOCK} primaryExch currency localSymbol tradingClass position marketPrice marketValue
      averageCost unrealizedPNL realizedPNL account`,
    values: {
      ...{
        id: 7,
        version: 8,
        ...SPY,
        primaryExch: 'ARCA',
        position: 301,
        marketPrice: 303.5,
        marketValue: 91353.5,
      },
      ...{ averageCost: 302.5, unrealizedPNL: 304.5, realizedPNL: 305.5, account: 'DU1' },
    },
    events: [
      [
        'updatePortfolio',
        { ...SPY_DECODED, multiplier: 0, primaryExch: 'ARCA' },
        ...[301, 303.5, 91_353.5, 302.5, 304.5, 305.5, 'DU1'],
      ],
    ],
  },
  accountUpdateTime: {
    made: () => account.accountUpdateTime('10:31'),
    layout: 'version time',
    values: { id: 8, version: 1, time: '10:31' },
    events: [['updateAccountTime', '10:31']],
  },
  nextValidId: {
    made: () => orders.nextValidId(77),
    layout: 'version orderId',
    values: { id: 9, version: 1, orderId: 77 },
    events: [['nextValidId', 77]],
  },
  contractData: {
    made: (version) => contract.contractData(31, version, { ...LISTING, exchange: 'BYX' }, HOURS),
    layout: `reqId symbol secType lastTradeDateOrContractMonth 182+lastTradeDate strike right exchange currency
      localSymbol marketName tradingClass conId minTick multiplier orderTypes validExchanges priceMagnifier underConId
      longName primaryExch contractMonth industry category subcategory timeZoneId tradingHours liquidHours evRule
      evMultiplier nSecIds aggGroup underSymbol underSecType marketRuleIds realExpirationDate stockType minSize
      sizeIncrement suggestedSizeIncrement 186+nReasons`,
    values: {
      ...{ id: 10, reqId: 31, symbol: 'QQQ', secType: 'STK', strike: 0, exchange: 'BYX', currency: 'USD' },
      ...{ localSymbol: 'QQQ', marketName: 'QQQ', tradingClass: 'QQQ', conId: 601, minTick: 0.01 },
      orderTypes: 'ACTIVETIM,AD,ADJUST,ALERT,ALLOC,AVGCOST,BASKET,DAY,GTC,IOC,LMT,MKT,STP,STPLMT,TRAIL',
      validExchanges: 'SMART,ARCA,NYSE,NASDAQ,ISLAND,BATS,IEX,AMEX,BYX,EDGEA,BEX,PSX,CHX,MEMX',
      ...{ priceMagnifier: 1, underConId: 0, longName: 'LONG NAME', primaryExch: 'NASDAQ' },
      ...{ timeZoneId: 'US/Eastern', tradingHours: HOURS.trading, liquidHours: HOURS.liquid },
      ...{
        evMultiplier: 0,
        nSecIds: 0,
        aggGroup: 1,
        marketRuleIds: Array(14).fill('26').join(','),
        nReasons: 0,
      },
      ...{ stockType: 'ETF', minSize: 1, sizeIncrement: 1, suggestedSizeIncrement: 100 },
    },
    events: [
      [
        'contractDetails',
        31,
        {
          asymmetricMatch: (seen: {
            contract: { conId: number }
            longName: string
            suggestedSizeIncrement: number
          }) =>
            [seen.contract.conId, seen.longName, seen.suggestedSizeIncrement].join() === '601,LONG NAME,100',
        },
      ],
    ],
  },
  contractDataEnd: endOf(52, contract.contractDataEnd, 'contractDetailsEnd'),
  execDetails: {
    made: (version) =>
      orders.execDetails(version, {
        ...{
          requestId: 31,
          account: 'DU1',
          execution: EXECUTION,
          time: TIME,
          filled: 451,
          averagePrice: 452.5,
        },
      }),
    layout: `reqId orderId ${STOCK} contractExchange currency localSymbol tradingClass execId time acctNumber exchange side
      shares price permId clientId liquidation cumQty avgPrice orderRef evRule evMultiplier modelCode lastLiquidity
      178+pendingPriceRevision`,
    values: {
      ...{
        id: 11,
        reqId: 31,
        orderId: 404,
        ...SPY,
        exchange: 'ARCA',
        execId: 'e.01',
        time: TIME,
        acctNumber: 'DU1',
      },
      ...{ contractExchange: 'ARCA', side: 'BOT', shares: 401, price: 402.5, permId: 405, clientId: 403 },
      ...{ liquidation: 0, cumQty: 451, avgPrice: 452.5, orderRef: 'ref', evMultiplier: MAX_DOUBLE },
      ...{ lastLiquidity: 1, pendingPriceRevision: 0 },
    },
    events: [
      [
        'execDetails',
        31,
        { ...SPY_DECODED, multiplier: 0, exchange: 'ARCA' },
        {
          asymmetricMatch: (seen: Record<string, unknown>) =>
            ['execId', 'side', 'shares', 'price', 'permId', 'clientId', 'cumQty', 'orderRef', 'lastLiquidity']
              .map((key) => seen[key])
              .join() === 'e.01,BOT,401,402.5,405,403,451,ref,1',
        },
      ],
    ],
  },
  execDetailsEnd: endOf(55, orders.executionsEnd, 'execDetailsEnd'),
  managedAccounts: {
    made: () => account.managedAccounts(['DU1', 'DU2']),
    layout: 'version accounts',
    values: { id: 15, version: 1, accounts: 'DU1,DU2' },
    events: [['managedAccounts', 'DU1,DU2']],
  },
  historicalData: {
    made: () => history.historicalData(31, 'from', 'to', 1, ROW.join('\0')),
    layout: 'reqId start end n date open high low close volume wap count',
    values: {
      ...{
        id: 17,
        reqId: 31,
        start: 'from',
        end: 'to',
        n: 1,
        date: '1717426800',
        open: 1.5,
        high: 4.5,
        low: 0.5,
      },
      ...{ close: 2.5, volume: 700, wap: 2.25, count: 70 },
    },
    events: [
      ['historicalData', 31, '1717426800', 1.5, 4.5, 0.5, 2.5, 700, 70, 2.25, undefined],
      ['historicalData', 31, 'finished-from-to', -1, -1, -1, -1, -1, -1, -1, false],
    ],
  },
  historicalDataUpdate: {
    made: () => history.historicalDataUpdate(31, ROW),
    layout: 'reqId count date open close high low wap volume',
    values: {
      ...{ id: 90, reqId: 31, count: 70, date: '1717426800', open: 1.5, close: 2.5, high: 4.5, low: 0.5 },
      ...{ wap: 2.25, volume: 700 },
    },
    events: [['historicalDataUpdate', 31, '1717426800', 1.5, 4.5, 0.5, 2.5, 700, 70, 2.25]],
  },
  realTimeBar: {
    made: () => history.realTimeBar(31, ROW),
    layout: 'version reqId time open high low close volume wap count',
    values: {
      ...{ id: 50, version: 3, reqId: 31, time: '1717426800', open: 1.5, high: 4.5, low: 0.5, close: 2.5 },
      ...{ volume: 700, wap: 2.25, count: 70 },
    },
    events: [['realtimeBar', 31, 1_717_426_800, 1.5, 4.5, 0.5, 2.5, 700, 2.25, 70]],
  },
  historicalSchedule: {
    made: () => history.historicalSchedule(31, 'from', 'to', [{ start: 'a', end: 'b', date: 'c' }]),
    layout: 'reqId start end timeZone n sessionStart sessionEnd refDate',
    values: {
      ...{ id: 106, reqId: 31, start: 'from', end: 'to', timeZone: 'US/Eastern', n: 1 },
      ...{ sessionStart: 'a', sessionEnd: 'b', refDate: 'c' },
    },
    events: [
      [
        ...['historicalSchedule', 31, 'from', 'to', 'US/Eastern'],
        [{ startDateTime: 'a', endDateTime: 'b', refDate: 'c' }],
      ],
    ],
  },
  headTimestamp: {
    made: () => history.headTimestamp(31, '883731600'),
    layout: 'reqId time',
    values: { id: 88, reqId: 31, time: '883731600' },
    events: [['headTimestamp', 31, '883731600']],
  },
  currentTime: {
    made: () => session.currentTime('1717426800'),
    layout: 'version time',
    values: { id: 49, version: 1, time: '1717426800' },
    events: [['currentTime', 1_717_426_800]],
  },
  orderStatus: {
    made: () => openOrders.orderStatus(openOrder()),
    layout: `orderId status filled remaining avgFillPrice permId parentId lastFillPrice clientId whyHeld mktCapPrice`,
    values: {
      ...{
        id: 3,
        orderId: 702,
        status: 'PreSubmitted',
        filled: 33,
        remaining: 671,
        avgFillPrice: 713.5,
        permId: 703,
      },
      ...{ parentId: 707, lastFillPrice: 714.5, clientId: 701, whyHeld: 'trigger', mktCapPrice: 0 },
    },
    events: [['orderStatus', 702, 'PreSubmitted', 33, 671, 713.5, 703, 707, 714.5, 701, 'trigger', 0]],
  },
  openOrder: {
    made: (version) => openOrders.openOrder(version, openOrder()),
    layout: OPEN_ORDER,
    values: openOrderValues({
      ...{
        whatIf: 0,
        initMarginBefore: MAX_DOUBLE,
        maintMarginBefore: MAX_DOUBLE,
        equityWithLoanBefore: MAX_DOUBLE,
      },
      ...{ initMarginChange: MAX_DOUBLE, maintMarginChange: MAX_DOUBLE, equityWithLoanChange: MAX_DOUBLE },
      ...{ initMarginAfter: MAX_DOUBLE, maintMarginAfter: MAX_DOUBLE, equityWithLoanAfter: MAX_DOUBLE },
      ...{ commission: MAX_DOUBLE, minCommission: MAX_DOUBLE, maxCommission: MAX_DOUBLE },
    }),
    events: [openOrderDecoded({ status: 'PreSubmitted', commission: undefined, initMarginAfter: undefined })],
  },
  'openOrder of a what-if': {
    made: (version) => openOrders.openOrder(version, openOrder(), MARGINS),
    layout: OPEN_ORDER,
    values: openOrderValues({
      ...{ whatIf: 1, initMarginBefore: '1.00', maintMarginBefore: '2.00', equityWithLoanBefore: '30.00' },
      ...{ initMarginChange: '4.00', maintMarginChange: '5.00', equityWithLoanChange: '-1.00' },
      ...{
        initMarginAfter: '5.00',
        maintMarginAfter: '7.00',
        equityWithLoanAfter: '29.00',
        commission: 1.25,
      },
      ...{ minCommission: MAX_DOUBLE, maxCommission: MAX_DOUBLE, commissionCurrency: 'USD' },
    }),
    events: [
      openOrderDecoded({
        ...{ initMarginBefore: 1, maintMarginChange: 5, equityWithLoanAfter: 29, commission: 1.25 },
        commissionCurrency: 'USD',
      }),
    ],
  },
  openOrderEnd: end(53, orders.openOrderEnd, 'openOrderEnd'),
  accountDownloadEnd: {
    made: () => account.accountDownloadEnd('DU1'),
    layout: 'version account',
    values: { id: 54, version: 1, account: 'DU1' },
    events: [['accountDownloadEnd', 'DU1']],
  },
  tickSnapshotEnd: endOf(57, ticks.tickSnapshotEnd, 'tickSnapshotEnd'),
  marketDataType: {
    made: () => ticks.marketDataType(31, 3),
    layout: 'version reqId type',
    values: { id: 58, version: 1, reqId: 31, type: 3 },
    events: [['marketDataType', 31, 3]],
  },
  commissionReport: {
    made: () => orders.commissionReport(EXECUTION),
    layout: 'version execId commission currency realizedPNL yield yieldRedemptionDate',
    values: { id: 59, version: 1, execId: 'e.01', commission: 1.25, currency: 'USD', realizedPNL: 406.5 },
    events: [
      [
        'commissionReport',
        {
          ...{ execId: 'e.01', commission: 1.25, currency: 'USD', realizedPNL: 406.5 },
          ...{ yield: 0, yieldRedemptionDate: 0 },
        },
      ],
    ],
  },
  position: {
    made: () => account.position('DU1', HOLDING),
    layout: `version account ${STOCK} exchange currency localSymbol tradingClass position avgCost`,
    values: { id: 61, version: 3, account: 'DU1', ...SPY, position: 301, avgCost: 302.5 },
    events: [['position', 'DU1', { ...SPY_DECODED, multiplier: 0, exchange: '' }, 301, 302.5]],
  },
  positionEnd: end(62, account.positionEnd, 'positionEnd'),
  positionMulti: {
    made: () => account.positionMulti(31, 'model', 'DU1', HOLDING),
    layout: `version reqId account ${STOCK} exchange currency localSymbol tradingClass position avgCost modelCode`,
    values: {
      ...{ id: 71, version: 1, reqId: 31, account: 'DU1', ...SPY, position: 301, avgCost: 302.5 },
      modelCode: 'model',
    },
    events: [
      ['positionMulti', 31, 'DU1', 'model', { ...SPY_DECODED, multiplier: 0, exchange: '' }, 301, 302.5],
    ],
  },
  positionMultiEnd: endOf(72, account.positionMultiEnd, 'positionMultiEnd'),
  accountSummary: {
    made: () => account.accountSummary(31, 'DU1', VALUE),
    layout: 'version reqId account key value currency',
    values: { id: 63, version: 1, reqId: 31, account: 'DU1', ...VALUE },
    events: [['accountSummary', 31, 'DU1', 'NetLiquidation', '1000.25', 'USD']],
  },
  accountSummaryEnd: endOf(64, account.accountSummaryEnd, 'accountSummaryEnd'),
  accountUpdateMulti: {
    made: () => account.accountUpdateMulti(31, 'model', 'DU1', VALUE),
    layout: 'version reqId account modelCode key value currency',
    values: { id: 73, version: 1, reqId: 31, account: 'DU1', modelCode: 'model', ...VALUE },
    events: [['accountUpdateMulti', 31, 'DU1', 'model', 'NetLiquidation', '1000.25', 'USD']],
  },
  accountUpdateMultiEnd: endOf(74, account.accountUpdateMultiEnd, 'accountUpdateMultiEnd'),
  optionParametersEnd: {
    made: () => contract.optionParametersEnd(31),
    layout: 'reqId',
    values: { id: 76, reqId: 31 },
    events: [['securityDefinitionOptionParameterEnd', 31]],
  },
  symbolSamples: {
    made: () => contract.symbolSamples(31, [LISTING]),
    layout: 'reqId n conId symbol secType primaryExch currency nDerivatives description issuerId',
    values: {
      ...{ id: 79, reqId: 31, n: 1, conId: 601, symbol: 'QQQ', secType: 'STK', primaryExch: 'NASDAQ' },
      ...{ currency: 'USD', nDerivatives: 0, description: 'LONG NAME' },
    },
    events: [
      [
        'symbolSamples',
        31,
        [
          {
            contract: {
              ...{ conId: 601, symbol: 'QQQ', secType: 'STK', primaryExch: 'NASDAQ', currency: 'USD' },
              ...{ description: 'LONG NAME', issuerId: '' },
            },
            derivativeSecTypes: [],
          },
        ],
      ],
    ],
  },
  tickReqParams: {
    made: () => ticks.tickReqParams(31, '0.01', 'a6', 3),
    layout: 'reqId minTick bboExchange snapshotPermissions',
    values: { id: 81, reqId: 31, minTick: 0.01, bboExchange: 'a6', snapshotPermissions: 3 },
    // The library reads the tick as a whole number.
    events: [['tickReqParams', 31, 0, 'a6', 3]],
  },
  marketRule: {
    made: () => contract.marketRule(26, '0.5', '0.01'),
    layout: 'ruleId n lowEdge increment',
    values: { id: 93, ruleId: 26, n: 1, lowEdge: 0.5, increment: 0.01 },
    events: [['marketRule', 26, [{ lowEdge: 0.5, increment: 0.01 }]]],
  },
  pnl: {
    made: () => account.pnl(31, HOLDING),
    layout: 'reqId dailyPnL unrealizedPnL realizedPnL',
    values: { id: 94, reqId: 31, dailyPnL: 306.5, unrealizedPnL: 304.5, realizedPnL: 305.5 },
    events: [['pnl', 31, 306.5, 304.5, 305.5]],
  },
  pnlSingle: {
    made: () => account.pnlSingle(31, HOLDING),
    layout: 'reqId position dailyPnL unrealizedPnL realizedPnL value',
    values: {
      ...{ id: 95, reqId: 31, position: 301, dailyPnL: 306.5, unrealizedPnL: 304.5, realizedPnL: 305.5 },
      value: 91353.5,
    },
    events: [['pnlSingle', 31, 301, 306.5, 304.5, 305.5, 91_353.5]],
  },
  historicalTicks: {
    made: () => ticks.historicalTicks(96, 31, 1, [1_717_426_800, 0, 1.5, 20]),
    layout: 'reqId n time unused price size done',
    values: { id: 96, reqId: 31, n: 1, time: 1717426800, unused: 0, price: 1.5, size: 20, done: 1 },
    events: [['historicalTicks', 31, [{ time: 1_717_426_800, price: 1.5, size: 20 }], true]],
  },
  historicalTicksBidAsk: {
    made: () => ticks.historicalTicks(97, 31, 1, [1_717_426_800, 2, 1.5, 1.75, 20, 30]),
    layout: 'reqId n time mask bid ask bidSize askSize done',
    values: {
      ...{
        id: 97,
        reqId: 31,
        n: 1,
        time: 1717426800,
        mask: 2,
        bid: 1.5,
        ask: 1.75,
        bidSize: 20,
        askSize: 30,
      },
      done: 1,
    },
    events: [
      [
        'historicalTicksBidAsk',
        31,
        [
          {
            time: 1_717_426_800,
            tickAttribBidAsk: { bidPastLow: false, askPastHigh: true },
            ...{ priceBid: 1.5, priceAsk: 1.75, sizeBid: 20, sizeAsk: 30 },
          },
        ],
        true,
      ],
    ],
  },
  historicalTicksLast: {
    made: () => ticks.historicalTicks(98, 31, 1, [1_717_426_800, 2, 1.5, 20, 'ARCA', 'T']),
    layout: 'reqId n time mask price size exchange conditions done',
    values: {
      ...{ id: 98, reqId: 31, n: 1, time: 1717426800, mask: 2, price: 1.5, size: 20, exchange: 'ARCA' },
      ...{ conditions: 'T', done: 1 },
    },
    events: [
      [
        'historicalTicksLast',
        31,
        [
          {
            time: 1_717_426_800,
            tickAttribLast: { pastLimit: false, unreported: true },
            ...{ price: 1.5, size: 20, exchange: 'ARCA', specialConditions: 'T' },
          },
        ],
        true,
      ],
    ],
  },
  'tickByTick of a trade': {
    made: () => ticks.tickByTick(31, 1, '1717426800', [1.5, 20, 2, 'ARCA', 'T']),
    layout: 'reqId type time price size mask exchange conditions',
    values: {
      ...{ id: 99, reqId: 31, type: 1, time: '1717426800', price: 1.5, size: 20, mask: 2, exchange: 'ARCA' },
      conditions: 'T',
    },
    events: [
      [
        ...['tickByTickAllLast', 31, 1, '1717426800', 1.5, 20],
        ...[{ pastLimit: false, unreported: true }, 'ARCA', 'T'],
      ],
    ],
  },
  'tickByTick of a quote': {
    made: () => ticks.tickByTick(31, 3, '1717426800', [1.5, 1.75, 20, 30, 2]),
    layout: 'reqId type time bid ask bidSize askSize mask',
    values: {
      ...{ id: 99, reqId: 31, type: 3, time: '1717426800', bid: 1.5, ask: 1.75, bidSize: 20, askSize: 30 },
      mask: 2,
    },
    events: [
      ['tickByTickBidAsk', 31, '1717426800', 1.5, 1.75, 20, 30, { bidPastLow: false, askPastHigh: true }],
    ],
  },
  'tickByTick of a midpoint': {
    made: () => ticks.tickByTick(31, 4, '1717426800', [1.625]),
    layout: 'reqId type time midPoint',
    values: { id: 99, reqId: 31, type: 4, time: '1717426800', midPoint: 1.625 },
    events: [['tickByTickMidPoint', 31, '1717426800', 1.625]],
  },
  completedOrder: {
    made: (version) => orders.completedOrder(version, { account: 'DU1', order: ORDER, time: TIME }),
    layout: `${STOCK} exchange currency localSymbol tradingClass action totalQuantity orderType lmtPrice auxPrice tif
      ocaGroup account openClose origin orderRef permId outsideRth hidden discretionaryAmt goodAfterTime faGroup faMethod
      faPercentage 177-faProfile modelCode goodTillDate rule80A percentOffset settlingFirm shortSaleSlot
      designatedLocation exemptCode startingPrice stockRefPrice delta stockRangeLower stockRangeUpper displaySize
      sweepToFill allOrNone minQty ocaType triggerMethod volatility volatilityType deltaNeutralOrderType
      deltaNeutralAuxPrice deltaNeutralConId deltaNeutralShortSale deltaNeutralShortSaleSlot
      deltaNeutralDesignatedLocation continuousUpdate referencePriceType trailStopPrice1 trailingPercent
      comboLegsDescription nLegs nOrderLegs nSmartParams scaleInitLevelSize scaleSubsLevelSize scalePriceIncrement
      hedgeType clearingAccount clearingIntent notHeld deltaNeutralContract algoStrategy solicited status randomizeSize
      randomizePrice nConditions trailStopPrice lmtPriceOffset cashQty dontUseAutoPriceForHedge isOmsContainer
      autoCancelDate filledQuantity refFuturesConId autoCancelParent shareholder imbalanceOnly routeMarketableToBbo
      parentPermId completedTime completedStatus minTradeQty minCompeteSize competeAgainstBestOffset midOffsetAtWhole
      midOffsetAtHalf 183+customerAccount 184+professionalCustomer`,
    values: {
      ...{ id: 101, ...SPY, exchange: 'SMART', action: 'SELL', totalQuantity: 501, orderType: 'LMT' },
      ...{
        lmtPrice: 503.5,
        auxPrice: 504.5,
        tif: 'GTC',
        account: 'DU1',
        origin: 0,
        orderRef: 'ref',
        permId: 505,
      },
      ...{ outsideRth: 0, hidden: 0, discretionaryAmt: 0, percentOffset: MAX_DOUBLE, shortSaleSlot: 0 },
      ...{ exemptCode: -1, startingPrice: MAX_DOUBLE, stockRefPrice: MAX_DOUBLE, delta: MAX_DOUBLE },
      ...{ stockRangeLower: MAX_DOUBLE, stockRangeUpper: MAX_DOUBLE, displaySize: MAX_INTEGER },
      ...{ sweepToFill: 0, allOrNone: 0, minQty: MAX_INTEGER, ocaType: 3, triggerMethod: 0 },
      ...{ volatility: MAX_DOUBLE, volatilityType: 0, deltaNeutralOrderType: 'None' },
      ...{ deltaNeutralAuxPrice: MAX_DOUBLE, deltaNeutralConId: 0, deltaNeutralShortSale: 0 },
      ...{ deltaNeutralShortSaleSlot: 0, continuousUpdate: 0, referencePriceType: 0 },
      ...{
        trailStopPrice1: MAX_DOUBLE,
        trailingPercent: MAX_DOUBLE,
        nLegs: 0,
        nOrderLegs: 0,
        nSmartParams: 0,
      },
      ...{
        scaleInitLevelSize: MAX_INTEGER,
        scaleSubsLevelSize: MAX_INTEGER,
        scalePriceIncrement: MAX_DOUBLE,
      },
      ...{ clearingIntent: 'IB', notHeld: 0, deltaNeutralContract: 0, solicited: 0, status: 'Filled' },
      ...{ randomizeSize: 0, randomizePrice: 0, nConditions: 0, trailStopPrice: 504.5 },
      ...{ lmtPriceOffset: MAX_DOUBLE, cashQty: MAX_DOUBLE, dontUseAutoPriceForHedge: 1, isOmsContainer: 0 },
      ...{ filledQuantity: 502, refFuturesConId: 0, autoCancelParent: 0, imbalanceOnly: 0 },
      ...{ routeMarketableToBbo: 0, parentPermId: '9223372036854775807', completedTime: TIME },
      ...{ completedStatus: 'Filled Size: 502', competeAgainstBestOffset: MAX_DOUBLE },
      ...{ midOffsetAtWhole: MAX_DOUBLE, midOffsetAtHalf: MAX_DOUBLE, professionalCustomer: 0 },
    },
    events: [
      [
        'completedOrder',
        { ...SPY_DECODED, multiplier: 0, exchange: 'SMART', comboLegsDescription: '' },
        {
          asymmetricMatch: (seen: Record<string, unknown>) =>
            ['action', 'totalQuantity', 'lmtPrice', 'auxPrice', 'permId', 'filledQuantity', 'orderRef']
              .map((key) => seen[key])
              .join() === 'SELL,501,503.5,504.5,505,502,ref',
        },
        { status: 'Filled', completedTime: TIME, completedStatus: 'Filled Size: 502' },
      ],
    ],
  },
  completedOrdersEnd: end(102, orders.completedOrdersEnd, 'completedOrdersEnd', ''),
}
