/** Generic ticks that TWS knows for stocks, with the words in which it lists them. None is sent here. */
const LEGAL: ReadonlyMap<string, string> = new Map([
  ['100', 'Option Volume'],
  ['101', 'Option Open Interest'],
  ['105', 'Average Opt Volume'],
  ['106', 'impvolat'],
  ['165', 'Misc. Stats'],
  ['221', 'Creditman Mark Price'],
  ['225', 'Auction'],
  ['232', 'Pl Price'],
  ['233', 'RTVolume'],
  ['236', 'inventory'],
  ['258', 'Fundamentals'],
  ['292', 'Wide_news'],
  ['293', 'TradeCount'],
  ['294', 'TradeRate'],
  ['295', 'VolumeRate'],
  ['318', 'LastRTHTrade'],
  ['375', 'RTTrdVolume'],
  ['411', 'rthistvol'],
  ['456', 'IBDividends'],
  ['460', 'Bond Factor Multiplier'],
  ['576', 'EtfNavBidAsk'],
  ['577', 'EtfNavLast'],
  ['578', 'EtfNavClose'],
  ['586', 'IPOHLMPRC'],
  ['587', 'Pl Price Delayed'],
  ['588', 'Futures Open Interest'],
  ['595', 'Short-Term Volume X Mins'],
  ['614', 'EtfNavMisc'],
  ['619', 'Creditman Slow Mark Price'],
  ['623', 'EtfFrozenNavLast'],
])

/** What TWS says to a list with a tick that it does not know for stocks; null when it knows all. */
export function wrongGenericTicks(list: string): string | null {
  const ticks = list.split(',').filter((tick) => tick !== '')
  if (ticks.every((tick) => LEGAL.has(tick.trim().split(':')[0]!))) return null
  const legal = [...LEGAL].map(([tick, name]) => `${tick}(${name})`).join(',')
  return `Incorrect generic tick list of ${list}.  Legal ones for (STK) are: ${legal}`
}
