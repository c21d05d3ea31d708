import type { Encoder } from '@stoqey/ib/dist/core/io/encoder.js'

/** A request as @stoqey/ib sends it, and as it must lie on the wire. */
export interface ClientMessage {
  readonly sent: (encoder: Encoder, version: number) => void
  /** The names of its fields, after its id: see namesAt. */
  readonly layout: string
  /** What is in them. Those left out are empty. */
  readonly values: Readonly<Record<string, string | number>>
}

const CONTRACT = {
  ...{ conId: 756733, symbol: 'SPY', secType: 'STK', lastTradeDateOrContractMonth: 'ltd', strike: 11.5 },
  ...{ right: 'C', multiplier: 12, exchange: 'SMART', primaryExch: 'ARCA', currency: 'USD' },
  ...{ localSymbol: 'SPYL', tradingClass: 'SPYT' },
} as never

/** The twelve fields of a contract. */
const C12 =
  'conId symbol secType lastTradeDate strike right multiplier exchange primaryExch currency localSymbol tradingClass'
const SPY = {
  ...{
    conId: 756733,
    symbol: 'SPY',
    secType: 'STK',
    lastTradeDate: 'ltd',
    strike: 11.5,
    right: 'C',
    multiplier: 12,
  },
  ...{ exchange: 'SMART', primaryExch: 'ARCA', currency: 'USD', localSymbol: 'SPYL', tradingClass: 'SPYT' },
}

/** A request of nothing but its id, or a version and an id. */
const simple = (
  id: number,
  sent: (encoder: Encoder) => void,
  layout = 'version',
  version = 1,
): ClientMessage => ({
  sent,
  layout,
  values: { id, version, ...(layout.includes('reqId') && { reqId: 31 }) },
})

/** What an exchange wants to know of who cancels: the library refuses to send it below this level. */
const tagged = (version: number) => (version < 192 ? {} : { extOperator: 'op', manualOrderIndicator: 1 })

/** An order that is taken, with something of its own in every field that may hold it. */
const ORDER = {
  ...{ secIdType: '', secId: '', action: 'SELL', totalQuantity: 101, orderType: 'STP LMT', lmtPrice: 299.5 },
  ...{ auxPrice: 300.25, tif: 'GTC', ocaGroup: 'group', account: 'DU1234567', openClose: 'O', origin: 0 },
  ...{
    orderRef: 'reference',
    transmit: true,
    parentId: 0,
    blockOrder: false,
    sweepToFill: true,
    displaySize: 102,
  },
  ...{ triggerMethod: 2, outsideRth: true, hidden: false, discretionaryAmt: 103, goodTillDate: 'till' },
  ...{
    faGroup: 'faGroup',
    faMethod: 'faMethod',
    faPercentage: 'faPart',
    modelCode: 'model',
    shortSaleSlot: 1,
  },
  ...{ designatedLocation: 'location', exemptCode: -1, ocaType: 1, rule80A: 'I', settlingFirm: 'firm' },
  ...{ allOrNone: false, minQty: 104, percentOffset: 105.5, eTradeOnly: true, firmQuoteOnly: false },
  ...{ nbboPriceCap: 106.5, auctionStrategy: 1, startingPrice: 107.5, stockRefPrice: 108.5, delta: 109.5 },
  ...{
    stockRangeLower: 110.5,
    stockRangeUpper: 111.5,
    overridePercentageConstraints: true,
    volatility: 112.5,
  },
  ...{ volatilityType: 2, deltaNeutralOrderType: '', deltaNeutralAuxPrice: 113.5, continuousUpdate: 0 },
  ...{ referencePriceType: 1, trailStopPrice: 114.5, trailingPercent: 115.5, scaleInitLevelSize: 116 },
  ...{ scaleSubsLevelSize: 117, scaleTable: 'table', activeStartTime: 'start', activeStopTime: 'stop' },
  ...{
    hedgeType: '',
    optOutSmartRouting: true,
    clearingAccount: 'clearing',
    clearingIntent: 'IB',
    notHeld: false,
  },
  ...{ algoStrategy: '', algoId: 'algo', whatIf: false, orderMiscOptions: 'options', solicited: true },
  ...{ randomizeSize: false, randomizePrice: true, adjustedOrderType: 'STP', triggerPrice: 118.5 },
  ...{ lmtPriceOffset: 119.5, adjustedStopPrice: 120.5, adjustedStopLimitPrice: 121.5 },
  ...{ adjustedTrailingAmount: 122.5, adjustableTrailingUnit: 1, extOperator: 'operator' },
  ...{ mifid2DecisionMaker: 'maker', mifid2DecisionAlgo: 'decision', mifid2ExecutionTrader: 'executor' },
  ...{ mifid2ExecutionAlgo: 'execution', dontUseAutoPriceForHedge: true, isOmsContainer: false },
  ...{ discretionaryUpToLimitPrice: true, usePriceMgmtAlgo: false, duration: 123, postToAts: 124 },
  ...{ autoCancelParent: true, advancedErrorOverride: 'override', manualOrderTime: 'ordered' },
}
const SINCE_183 = { customerAccount: 'customer' }
const SINCE_184 = { professionalCustomer: true }
const SINCE_189 = { includeOvernight: true }
const SINCE_192 = { manualOrderIndicator: 1 }

/** The library refuses to send a field below its level. */
const orderFor = (version: number) =>
  ({
    ...{ ...ORDER, softDollarTier: { name: 'tier', value: 'tierValue' } },
    ...(version >= 183 && SINCE_183),
    ...(version >= 184 && SINCE_184),
    ...(version >= 189 && SINCE_189),
    ...(version >= 192 && SINCE_192),
  }) as never

/** Every request that the server reads, by its name; startApi is sent by the library's socket. */
export const CLIENT_MESSAGES: Readonly<Record<string, ClientMessage>> = {
  marketData: {
    sent: (encoder) => encoder.reqMktData(31, CONTRACT, '100,101', true, false),
    layout: `version reqId ${C12} deltaNeutral genericTicks snapshot regSnapshot options`,
    values: {
      id: 1,
      version: 11,
      reqId: 31,
      ...SPY,
      deltaNeutral: 0,
      genericTicks: '100,101',
      snapshot: 1,
      regSnapshot: 0,
    },
  },
  cancelMarketData: simple(2, (encoder) => encoder.cancelMktData(31), 'version reqId'),
  placeOrder: {
    sent: (encoder, version) => encoder.placeOrder(31, CONTRACT, orderFor(version)),
    layout: `reqId ${C12} secIdType secId action totalQuantity orderType lmtPrice auxPrice tif ocaGroup account openClose
      origin orderRef transmit parentId blockOrder sweepToFill displaySize triggerMethod outsideRth hidden
      sharesAllocation discretionaryAmt goodAfterTime goodTillDate faGroup faMethod faPercentage 177-faProfile modelCode
      shortSaleSlot designatedLocation exemptCode ocaType rule80A settlingFirm allOrNone minQty percentOffset eTradeOnly
      firmQuoteOnly nbboPriceCap auctionStrategy startingPrice stockRefPrice delta stockRangeLower stockRangeUpper
      overridePercentageConstraints volatility volatilityType deltaNeutralOrderType deltaNeutralAuxPrice
      continuousUpdate referencePriceType trailStopPrice trailingPercent scaleInitLevelSize scaleSubsLevelSize
      scalePriceIncrement scaleTable activeStartTime activeStopTime hedgeType optOutSmartRouting clearingAccount
      clearingIntent notHeld deltaNeutralContract algoStrategy algoId whatIf orderMiscOptions solicited randomizeSize
      randomizePrice nConditions adjustedOrderType triggerPrice lmtPriceOffset adjustedStopPrice adjustedStopLimitPrice
      adjustedTrailingAmount adjustableTrailingUnit extOperator softDollarName softDollarValue cashQty
      mifid2DecisionMaker mifid2DecisionAlgo mifid2ExecutionTrader mifid2ExecutionAlgo dontUseAutoPriceForHedge
      isOmsContainer discretionaryUpToLimitPrice usePriceMgmtAlgo duration postToAts autoCancelParent
      advancedErrorOverride manualOrderTime 183+customerAccount 184+professionalCustomer 187+190-rfqText
      187+190-rfqIndicator 189+includeOvernight 192+manualOrderIndicator`,
    values: {
      ...{ id: 3, reqId: 31, ...SPY, deltaNeutralContract: 0, nConditions: 0, rfqIndicator: 2147483647 },
      ...Object.fromEntries(
        Object.entries({ ...ORDER, ...SINCE_183, ...SINCE_184, ...SINCE_189, ...SINCE_192 }).map(
          ([name, value]) => [name, typeof value === 'boolean' ? Number(value) : value],
        ),
      ),
      ...{ softDollarName: 'tier', softDollarValue: 'tierValue' },
    },
  },
  cancelOrder: {
    sent: (encoder, version) =>
      encoder.cancelOrder(31, { manualOrderCancelTime: 'time', ...tagged(version) } as never),
    layout: `192-version orderId manualCancelTime 187+190-quoteOperator 187+190-quoteUser 187+190-quoteIndicator
      192+extOperator 192+manualIndicator`,
    values: {
      id: 4,
      version: 1,
      orderId: 31,
      manualCancelTime: 'time',
      extOperator: 'op',
      manualIndicator: 1,
      quoteIndicator: 2147483647,
    },
  },
  openOrders: simple(5, (encoder) => encoder.reqOpenOrders()),
  accountUpdates: {
    sent: (encoder) => encoder.reqAccountUpdates(true, 'DU1'),
    layout: 'version subscribe account',
    values: { id: 6, version: 2, subscribe: 1, account: 'DU1' },
  },
  executions: {
    sent: (encoder) =>
      encoder.reqExecutions(31, {
        ...{ clientId: '7', acctCode: 'DU1', time: '20240603-00:00:00', symbol: 'SPY', secType: 'STK' },
        ...{ exchange: 'ARCA', side: 'BUY' },
      } as never),
    layout: 'version reqId clientId account time filterSymbol secType exchange side',
    values: {
      ...{
        id: 7,
        version: 3,
        reqId: 31,
        clientId: 7,
        account: 'DU1',
        time: '20240603-00:00:00',
        filterSymbol: 'SPY',
      },
      ...{ secType: 'STK', exchange: 'ARCA', side: 'BUY' },
    },
  },
  ids: { sent: (encoder) => encoder.reqIds(3), layout: 'version n', values: { id: 8, version: 1, n: 3 } },
  contractDetails: {
    sent: (encoder) =>
      encoder.reqContractDetails(31, {
        ...(CONTRACT as object),
        ...{ includeExpired: true, secIdType: 'ISIN', secId: 'US1', issuerId: 'issuer' },
      } as never),
    layout: `version reqId ${C12} includeExpired secIdType secId issuerId`,
    values: {
      ...{ id: 9, version: 8, reqId: 31, ...SPY, includeExpired: 1, secIdType: 'ISIN', secId: 'US1' },
      issuerId: 'issuer',
    },
  },
  autoOpenOrders: {
    sent: (encoder) => encoder.reqAutoOpenOrders(true),
    layout: 'version bind',
    values: { id: 15, version: 1, bind: 1 },
  },
  allOpenOrders: simple(16, (encoder) => encoder.reqAllOpenOrders()),
  managedAccounts: simple(17, (encoder) => encoder.reqManagedAccts()),
  historicalData: {
    sent: (encoder) =>
      encoder.reqHistoricalData(
        ...([31, CONTRACT, '20240603-15:00:00', '60 S', '1 secs', 'BID', true, 2, false] as never as [
          ...Parameters<Encoder['reqHistoricalData']>,
        ]),
      ),
    layout: `reqId ${C12} includeExpired endDateTime barSize duration useRTH whatToShow formatDate keepUpToDate options`,
    values: {
      ...{
        id: 20,
        reqId: 31,
        ...SPY,
        includeExpired: 0,
        endDateTime: '20240603-15:00:00',
        barSize: '1 secs',
      },
      ...{ duration: '60 S', useRTH: 1, whatToShow: 'BID', formatDate: 2, keepUpToDate: 0 },
    },
  },
  cancelHistoricalData: simple(25, (encoder) => encoder.cancelHistoricalData(31), 'version reqId'),
  currentTime: simple(49, (encoder) => encoder.reqCurrentTime()),
  realTimeBars: {
    sent: (encoder) => encoder.reqRealTimeBars(31, CONTRACT, 5, 'MIDPOINT' as never, true, []),
    layout: `version reqId ${C12} barSize whatToShow useRTH options`,
    values: { id: 50, version: 3, reqId: 31, ...SPY, barSize: 5, whatToShow: 'MIDPOINT', useRTH: 1 },
  },
  cancelRealTimeBars: simple(51, (encoder) => encoder.cancelRealTimeBars(31), 'version reqId'),
  globalCancel: {
    sent: (encoder, version) => encoder.reqGlobalCancel(tagged(version) as never),
    layout: '192-version 192+extOperator 192+manualIndicator',
    values: { id: 58, version: 1, extOperator: 'op', manualIndicator: 1 },
  },
  marketDataType: {
    sent: (encoder) => encoder.reqMarketDataType(3),
    layout: 'version type',
    values: { id: 59, version: 1, type: 3 },
  },
  positions: simple(61, (encoder) => encoder.reqPositions()),
  accountSummary: {
    sent: (encoder) => encoder.reqAccountSummary(31, 'All', 'NetLiquidation'),
    layout: 'version reqId group tags',
    values: { id: 62, version: 1, reqId: 31, group: 'All', tags: 'NetLiquidation' },
  },
  cancelAccountSummary: simple(63, (encoder) => encoder.cancelAccountSummary(31), 'version reqId'),
  cancelPositions: simple(64, (encoder) => encoder.cancelPositions()),
  positionsMulti: {
    sent: (encoder) => encoder.reqPositionsMulti(31, 'DU1', 'model'),
    layout: 'version reqId account modelCode',
    values: { id: 74, version: 1, reqId: 31, account: 'DU1', modelCode: 'model' },
  },
  cancelPositionsMulti: simple(75, (encoder) => encoder.cancelPositionsMulti(31), 'version reqId'),
  accountUpdatesMulti: {
    sent: (encoder) => encoder.reqAccountUpdatesMulti(31, 'DU1', 'model', true),
    layout: 'version reqId account modelCode ledgerAndNLV',
    values: { id: 76, version: 2, reqId: 31, account: 'DU1', modelCode: 'model', ledgerAndNLV: 1 },
  },
  cancelAccountUpdatesMulti: simple(
    77,
    (encoder) => encoder.cancelAccountUpdatesMulti(31),
    'version reqId',
    2,
  ),
  optionParameters: {
    sent: (encoder) => encoder.reqSecDefOptParams(31, 'SPY', 'CME', 'STK' as never, 756733),
    layout: 'reqId symbol futFopExchange secType conId',
    values: { id: 78, reqId: 31, symbol: 'SPY', futFopExchange: 'CME', secType: 'STK', conId: 756733 },
  },
  matchingSymbols: {
    sent: (encoder) => encoder.reqMatchingSymbols(31, 'SP'),
    layout: 'reqId pattern',
    values: { id: 81, reqId: 31, pattern: 'SP' },
  },
  headTimestamp: {
    sent: (encoder) => encoder.reqHeadTimestamp(31, CONTRACT, 'TRADES' as never, true, 2),
    layout: `reqId ${C12} includeExpired useRTH whatToShow formatDate`,
    values: { id: 87, reqId: 31, ...SPY, includeExpired: 0, useRTH: 1, whatToShow: 'TRADES', formatDate: 2 },
  },
  cancelHeadTimestamp: simple(90, (encoder) => encoder.cancelHeadTimestamp(31), 'reqId'),
  marketRule: {
    sent: (encoder) => encoder.reqMarketRule(26),
    layout: 'ruleId',
    values: { id: 91, ruleId: 26 },
  },
  pnl: {
    sent: (encoder) => encoder.reqPnL(31, 'DU1', 'model'),
    layout: 'reqId account modelCode',
    values: { id: 92, reqId: 31, account: 'DU1', modelCode: 'model' },
  },
  cancelPnl: simple(93, (encoder) => encoder.cancelPnL(31), 'reqId'),
  pnlSingle: {
    sent: (encoder) => encoder.reqPnLSingle(31, 'DU1', 'model', 756733),
    layout: 'reqId account modelCode conId',
    values: { id: 94, reqId: 31, account: 'DU1', modelCode: 'model', conId: 756733 },
  },
  cancelPnlSingle: simple(95, (encoder) => encoder.cancelPnLSingle(31), 'reqId'),
  historicalTicks: {
    sent: (encoder) =>
      encoder.reqHistoricalTicks(
        31,
        CONTRACT,
        '',
        '20240603-15:00:00',
        10,
        'TRADES' as never,
        true,
        false,
        [],
      ),
    layout: `reqId ${C12} includeExpired start end n whatToShow useRTH ignoreSize options`,
    values: {
      ...{
        id: 96,
        reqId: 31,
        ...SPY,
        includeExpired: 0,
        end: '20240603-15:00:00',
        n: 10,
        whatToShow: 'TRADES',
      },
      ...{ useRTH: 1, ignoreSize: 0 },
    },
  },
  tickByTick: {
    sent: (encoder) => encoder.reqTickByTickData(31, CONTRACT, 'BidAsk' as never, 5, true),
    layout: `reqId ${C12} type n ignoreSize`,
    values: { id: 97, reqId: 31, ...SPY, type: 'BidAsk', n: 5, ignoreSize: 1 },
  },
  cancelTickByTick: simple(98, (encoder) => encoder.cancelTickByTickData(31), 'reqId'),
  completedOrders: {
    sent: (encoder) => encoder.reqCompletedOrders(true),
    layout: 'apiOnly',
    values: { id: 99, apiOnly: 1 },
  },
}
