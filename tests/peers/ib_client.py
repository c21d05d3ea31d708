"""Lets ib_async or ib_insync, whichever is installed, connect to a running simulator and use everything that it serves.

    npm run simulator -- --port 4002 --speed 1 &
    python3 tests/peers/ib_client.py 4002

Prints a line for each use, and ends with 1 when one of them failed, with 2 when neither library is there. Nothing in
the project needs it: it is a second opinion, from decoders that unpack every field.
"""

import logging
import sys

try:
    import ib_async as library
except ImportError:
    try:
        import ib_insync as library
    except ImportError:
        print('neither ib_async nor ib_insync is installed: nothing was checked')
        sys.exit(2)

PATIENCE_S = 10
complaints = []


class Complaints(logging.Handler):
    """Both libraries log what they cannot decode, and go on."""

    def emit(self, record):
        complaints.append(record.getMessage())


def uses(ib, stock):
    """What is used, by name: each returns something that is not empty."""
    bars = dict(whatToShow='TRADES', useRTH=True)
    yield 'contract', lambda: ib.reqContractDetails(stock)
    yield 'qualified', lambda: ib.qualifyContracts(stock)
    for form in (1, 2):
        yield f'bars, format {form}', lambda: ib.reqHistoricalData(
            stock, '', '120 S', '1 secs', formatDate=form, **bars)
    yield 'days', lambda: ib.reqHistoricalData(stock, '', '10 D', '1 day', **bars)
    yield 'kept up to date', lambda: ib.reqHistoricalData(
        stock, '', '1800 S', '5 secs', keepUpToDate=True, **bars)
    yield 'schedule', lambda: ib.reqHistoricalSchedule(stock, 5).sessions
    yield 'first time', lambda: ib.reqHeadTimeStamp(stock, 'TRADES', True, 2)
    yield 'ticks of the past', lambda: ib.reqHistoricalTicks(
        stock, '', ib.reqCurrentTime(), 10, 'TRADES', True)
    yield 'a ticker', lambda: ticker(ib, stock)
    yield 'trades one by one', lambda: [ib.reqTickByTickData(stock, 'AllLast')]
    yield 'real-time bars', lambda: waited(ib, ib.reqRealTimeBars(stock, 5, 'TRADES', False))
    yield 'symbols', lambda: ib.reqMatchingSymbols('SPY')
    yield 'market rule', lambda: ib.reqMarketRule(26)
    yield 'summary', lambda: ib.accountSummary()
    yield 'values', lambda: ib.accountValues()
    yield 'profit and loss', lambda: [ib.reqPnL(ib.managedAccounts()[0])]
    yield 'positions', lambda: [ib.reqPositions()]
    yield 'a what-if', lambda: ib.whatIfOrder(stock, library.MarketOrder('BUY', 10)).initMarginChange
    yield 'a market order', lambda: fills(ib, ib.placeOrder(stock, library.MarketOrder('BUY', 10)))
    yield 'a bracket', lambda: bracket(ib, stock)
    yield 'open orders', lambda: [ib.reqAllOpenOrders()]
    yield 'executions', lambda: [ib.reqExecutions()]
    yield 'completed orders', lambda: [ib.reqCompletedOrders(False)]
    yield 'the time', lambda: ib.reqCurrentTime()


def fills(ib, trade):
    for _ in range(3 * PATIENCE_S):
        if trade.isDone() and trade.fills and trade.fills[0].commissionReport.execId:
            break
        ib.sleep(0.5)
    return trade.fills if trade.orderStatus.status == 'Filled' else None


def bracket(ib, stock):
    price = ib.reqHistoricalData(stock, '', '60 S', '5 secs', 'TRADES', False)[-1].close
    orders = ib.bracketOrder('BUY', 10, round(price * 1.01, 2), round(price * 1.5, 2), round(price * 0.5, 2))
    trades = [ib.placeOrder(stock, order) for order in orders]
    if not fills(ib, trades[0]):
        return None
    ib.cancelOrder(orders[1])
    ib.cancelOrder(orders[2])
    ib.sleep(1)
    return [trade for trade in trades if trade.orderStatus.status == 'Cancelled']


def waited(ib, bars):
    for _ in range(3 * PATIENCE_S):
        if bars:
            break
        ib.sleep(0.5)
    return bars


def ticker(ib, stock):
    found = ib.reqMktData(stock)
    for _ in range(3 * PATIENCE_S):
        if found.hasBidAsk():
            break
        ib.sleep(0.5)
    return found if found.hasBidAsk() else None


def main(port):
    for name in ('ib_async', 'ib_insync'):
        logging.getLogger(name).addHandler(Complaints(level=logging.ERROR))
    ib = library.IB()
    ib.RequestTimeout = PATIENCE_S
    ib.connect('127.0.0.1', port, clientId=11, timeout=PATIENCE_S)
    print(f'{library.__name__} {library.__version__}: connected, level {ib.client.serverVersion()}')
    failed = 0
    for name, use in uses(ib, library.Stock('SPY', 'SMART', 'USD')):
        try:
            answer = use()
            is_good = answer is not None and answer != []
        except Exception as error:
            answer, is_good = repr(error), False
        failed += not is_good
        print(f'{"ok  " if is_good else "FAIL"} {name}{"" if is_good else f": {answer}"}')
    ib.disconnect()
    for complaint in complaints:
        print(f'FAIL {complaint}')
    return 1 if failed or complaints else 0


if __name__ == '__main__':
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 4002))
