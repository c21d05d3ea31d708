/**
 * Messages as strict clients unpack them at level 178, the newest that ib_insync and ib_async offer: each field after
 * the id by its name and, but for text, its kind. A field too many or too few is an error there, and so is a number that
 * is none. `n(…)` is a count and what comes so often.
 */
const STOCK =
  'conId:i symbol secType lastTradeDate strike:f right multiplier exchange currency localSymbol tradingClass'

const SHAPES: Readonly<Record<string, string>> = {
  1: 'version:i reqId:i tickType:i price:f size:f mask:i',
  2: 'version:i reqId:i tickType:i size:f',
  3: `orderId:i status filled:f remaining:f avgFillPrice:f permId:i parentId:i lastFillPrice:f clientId:i whyHeld
    mktCapPrice:f`,
  4: 'version:i id:i code:i text json',
  5: `orderId:i ${STOCK} action:BUY|SELL quantity:f orderType limit:f aux:f tif ocaGroup account openClose origin:i
    orderRef clientId:i permId:i outsideRth:b hidden:b discretionary:f goodAfter shares faGroup faMethod faPercentage
    model goodTill rule80A percentOffset:f settlingFirm shortSaleSlot:i location exemptCode:i auction:i starting:f
    stockRef:f delta:f lower:f upper:f displaySize:i block:b sweep:b allOrNone:b minQty:i ocaType:i eTrade:b firm:b
    nbbo:f parentId:i trigger:i volatility:f volatilityType:i dnType dnAux:f dnConId:i dnFirm dnAccount dnIntent
    dnOpenClose dnShortSale:b dnSlot:i dnLocation continuous:b reference:i trailStop:f trailingPercent:f
    basisPoints:f basisType:i legsDescription
    n( conId:i ratio:i action exchange openClose:i slot:i location exempt:i ) n( price:f ) n( tag value ) initSize:i
    subsSize:i increment:f hedgeType optOut:b clearingAccount clearingIntent notHeld:b deltaNeutral:b algo solicited:b
    whatIf:b status before1:f before2:f before3:f change1:f change2:f change3:f after1:f after2:f after3:f commission:f
    least:f most:f currency warning randomizeSize:b randomizePrice:b n( condition ) adjustedType triggerPrice:f
    trailStop2:f offset:f adjustedStop:f adjustedLimit:f adjustedTrail:f unit:i tier tierValue tierName cash:f
    noAutoPrice:b isOms:b upToLimit:b managed:b duration:i ats:i autoCancelParent:b minTradeQty:i minCompeteSize:i
    compete:f whole:f half:f`,
  6: 'version:i key value currency account',
  7: `version:i ${STOCK} position:f price:f value:f cost:f unrealized:f realized:f account`,
  8: 'version:i time',
  9: 'version:i orderId:i',
  10: `reqId:i symbol secType lastTradeDate strike:f right exchange currency localSymbol marketName tradingClass conId:i
    minTick:f multiplier orderTypes validExchanges priceMagnifier:i underConId:i longName primaryExchange contractMonth
    industry category subcategory timeZoneId tradingHours liquidHours evRule evMultiplier:i n( tag value ) aggGroup:i
    underSymbol underSecType marketRuleIds realExpirationDate stockType minSize:f sizeIncrement:f suggestedIncrement:f`,
  11: `reqId:i orderId:i ${STOCK} execId time:t account exchange side:BOT|SLD shares:f price:f permId:i clientId:i
    liquidation:i cumQty:f avgPrice:f orderRef evRule evMultiplier:f modelCode lastLiquidity:i pendingPriceRevision:b`,
  15: 'version:i accounts',
  17: 'reqId:i start end n( date open:f high:f low:f close:f volume:f average:f count:i )',
  45: 'version:i reqId:i tickType:i value:f',
  46: 'version:i reqId:i tickType:i value',
  49: 'version:i time:i',
  50: 'version:i reqId:i time:i open:f high:f low:f close:f volume:f wap:f count:i',
  52: 'version:i reqId:i',
  53: 'version:i',
  54: 'version:i account',
  55: 'version:i reqId:i',
  57: 'version:i reqId:i',
  58: 'version:i reqId:i type:i',
  59: 'version:i execId commission:f currency realized:f yield:f yieldDate:i',
  61: `version:i account ${STOCK} position:f cost:f`,
  62: 'version:i',
  63: 'version:i reqId:i account tag value currency',
  64: 'version:i reqId:i',
  71: `version:i reqId:i account ${STOCK} position:f cost:f model`,
  72: 'version:i reqId:i',
  73: 'version:i reqId:i account model key value currency',
  74: 'version:i reqId:i',
  76: 'reqId:i',
  79: 'reqId:i n( conId:i symbol secType primaryExchange currency n( type ) description issuerId )',
  81: 'reqId:i minTick:f bboExchange permissions:i',
  88: 'reqId:i time',
  90: 'reqId:i count:i date open:f close:f high:f low:f average:f volume:f',
  93: 'ruleId:i n( lowEdge:f increment:f )',
  94: 'reqId:i daily:f unrealized:f realized:f',
  95: 'reqId:i position:f daily:f unrealized:f realized:f value:f',
  96: 'reqId:i n( time:i unused price:f size:f ) done:b',
  97: 'reqId:i n( time:i mask:i bid:f ask:f bidSize:f askSize:f ) done:b',
  98: 'reqId:i n( time:i mask:i price:f size:f exchange conditions ) done:b',
  '99 1': 'reqId:i type:i time:i price:f size:f mask:i exchange conditions',
  '99 2': 'reqId:i type:i time:i price:f size:f mask:i exchange conditions',
  '99 3': 'reqId:i type:i time:i bid:f ask:f bidSize:f askSize:f mask:i',
  '99 4': 'reqId:i type:i time:i midPoint:f',
  101: `${STOCK} action:BUY|SELL quantity:f orderType limit:f aux:f tif ocaGroup account openClose origin:i orderRef
    permId:i outsideRth:b hidden:b discretionary:f goodAfter faGroup faMethod faPercentage model goodTill rule80A
    percentOffset:f settlingFirm shortSaleSlot:i location exemptCode:i starting:f stockRef:f delta:f lower:f upper:f
    displaySize:i sweep:b allOrNone:b minQty:i ocaType:i trigger:i volatility:f volatilityType:i dnType dnAux:f dnConId:i
    dnShortSale:b dnSlot:i dnLocation continuous:b reference:i trailStop:f trailingPercent:f legsDescription
    n( conId:i ratio:i action exchange openClose:i slot:i location exempt:i ) n( price:f ) n( tag value ) initSize:i
    subsSize:i increment:f hedgeType clearingAccount clearingIntent notHeld:b deltaNeutral:b algo solicited:b status
    randomizeSize:b randomizePrice:b n( condition ) trailStop2:f offset:f cash:f noAutoPrice:b isOms:b autoCancelDate
    filled:f refFutures:i autoCancelParent:b shareholder imbalance:b bbo:b parentPermId:i completedTime completedStatus
    minTradeQty:i minCompeteSize:i compete:f whole:f half:f`,
  102: '',
  106: 'reqId:i start end zone n( start end date )',
}

/** Unpacks a message as such a client does. Throws on the first field that it would stumble over. */
export function unpack(fields: readonly string[]): void {
  const [id, ...rest] = fields
  const shape = SHAPES[id === '99' ? `99 ${fields[2]}` : id!]
  if (shape === undefined) throw new Error(`no client knows message ${id}`)
  const left = unpackAll(shape.split(/\s+/).filter(Boolean), rest, `message ${id}`)
  if (left.length > 0) throw new Error(`message ${id} has ${left.length} fields too many: ${left}`)
}

function unpackAll(words: readonly string[], fields: readonly string[], where: string): readonly string[] {
  let left = fields
  for (let i = 0; i < words.length; i++) {
    const [field, ...others] = left
    if (field === undefined) throw new Error(`${where} ends before ${words[i]}`)
    left = others
    if (words[i] !== 'n(') check(words[i]!, field, where)
    else {
      const end = closingOf(words, i)
      check('n:i', field, where)
      for (let k = Number(field); k > 0; k--) left = unpackAll(words.slice(i + 1, end), left, where)
      i = end
    }
  }
  return left
}

function closingOf(words: readonly string[], open: number): number {
  for (let i = open + 1, depth = 1; i < words.length; i++) {
    depth += words[i] === 'n(' ? 1 : words[i] === ')' ? -1 : 0
    if (depth === 0) return i
  }
  throw new Error('a group without its end')
}

const KINDS: Readonly<Record<string, RegExp>> = {
  i: /^(-?\d+)?$/,
  f: /^(-?\d+(\.\d+)?([eE]-?\d+)?)?$/,
  b: /^[01]?$/,
  t: /^\d{8} \d\d:\d\d:\d\d \S+$/,
}

function check(word: string, field: string, where: string): void {
  const [name, kind] = word.split(':')
  if (kind === undefined) return
  const isGood = KINDS[kind]?.test(field) ?? kind.split('|').includes(field)
  if (!isGood) throw new Error(`${where}: ${name} is ${JSON.stringify(field)}`)
}
