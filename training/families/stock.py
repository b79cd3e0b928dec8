"""The price of a share."""

from __future__ import annotations

from training.family import Family, Slot
from training.values import currency, number, ticker

FAMILY = Family(
    name="stock",
    tools=(
        "(get|fetch|check|look up|read|find|show) [current|live|latest] (stock|share|equity) "
        "(price|quote|value)",
        "(stock|share|equity|ticker|market) (price|quote|value) [lookup|now|info|service]",
        "(stock|share|ticker) (lookup|info|check)",
        "(quote|price) (for|of) (ticker|stock|share|symbol)",
        "current (share|stock) (price|quote)",
        "quote (ticker|stock|share)",
        "(get|fetch|retrieve) (stock data|ticker price|last price|market data|real time quote)",
        "(stock|ticker|finance) (data|price lookup|quote api)",
        "(yahoo|market|nasdaq) finance [quote]",
        "(lookup|query|quote) (symbol|ticker|price)",
        "(what is|check) (share price|stock worth)",
        "(global|real time) quote",
    ),
    descriptions=(
        "(Get|Fetch|Look up|Find|Returns|Gives|Tells|Shows) the [current|latest|live] "
        "(price|quote|market price|value) of a (stock|share|listed company|ticker)[.]",
        "(Stock|Share) (price|quote|value) (for|of) a [given] (ticker|symbol|ticker symbol)[.]",
        "(What|How much) a (share|stock) (costs|is worth|trades at)(| right now| now| today)[.]",
        "[Live|Current] (stock market|share) (quotes|prices|data)[.]",
        "(Retrieve|Retrieves|Fetches) the (latest|last|real-time|closing) (price|trade|quote) "
        "for a (ticker|symbol|listed stock)[.]",
        "Get (real-time|delayed) (stock|equity|market) data for a [single] (ticker|symbol)[.]",
        "(Use this|Call this) to (check|look up) (how a stock is doing|what a share costs|a "
        "stock price)[.]",
        "(Returns|Return) the (price|market value) per share[ for a given symbol][.]",
    ),
    slots=(
        Slot(
            key="symbol",
            kind=ticker,
            names=(
                "(symbol|ticker|stock|ticker symbol|share|stock symbol|code|quote "
                "symbol|tickers|stock name|stock ticker|instrument|company symbol|q)"
            ),
            descriptions=(
                "(The|Its|A) (ticker|symbol|ticker symbol|stock symbol)[.]",
                "(Ticker|Symbol|Stock code)(| of the (share|stock|company)| to look up)[.]",
                "Which (stock|share)[.]",
                "(The|A) (stock|ticker) symbol[, e.g. (AAPL|MSFT|TSLA)][.]",
            ),
            asked="(ticker|stock|symbol|share|stock symbol)",
        ),
        Slot(
            key="currency",
            kind=currency,
            names=(
                "(currency|in currency|currency code|unit|convert to|target currency|quote "
                "currency|base currency|ccy)"
            ),
            descriptions=(
                "(The|Which) currency(| to give the price in)[.]",
                "Currency [code] (of|for) the (price|answer|quote)[.]",
            ),
            asked="(currency|currency code)",
            optional=True,
            tails=(
                "in {currency}",
                "[and] (give|show|quote|tell) it in {currency}",
                "(converted to|expressed in|quoted in|using|as) {currency}",
                "with the price in {currency}",
            ),
        ),
    ),
    commands=(
        "(check|look up|get|find|tell me|show me|give me|fetch|pull up|read me) the "
        "[current|latest|live|last] (price|stock price|share price|quote|value|market price) "
        "(of|for) {symbol}",
        "(look up|get|find|show me|give me|fetch|pull up) a [fresh|new|live|quick] (quote|stock "
        "quote|price) (for|on) [the] [stock|ticker|symbol] {symbol}",
        "(tell me|find out|check|see) what [a share of|one share of|the stock] {symbol} (costs|is "
        "worth|trades at|goes for|is selling for) [now|right now|today|at the moment]",
        "(check|look up|find|quote|get|pull up) [the] (stock|ticker|share|symbol) {symbol}",
        "(let me know|tell me|find out|check) (how|where) {symbol} (is trading|stands) "
        "[today|now|on the market|right now]",
        "(check|see|find out) how {symbol} shares are priced [now|today]",
        "(get|check|look up|show me|tell me|pull up) [the] {symbol} (stock price|share "
        "price|price|quote|stock)",
        "(look|check) (on the market|at the market|on the exchange) for the price of {symbol}",
        "(run|do|make) a (price|stock|quote) (check|lookup) (for|on) {symbol}",
        "quote {symbol} [for me|now|right away|again]",
        "(check|pull up|look up|get) {symbol} [for me|real quick|again]",
        "(tell|show) me how {symbol} (did|closed|opened|is holding up|is doing|is performing)",
        "see how {symbol} is (doing|looking|moving|trading) [this morning|right now]",
        "give me [a|the] {symbol} (price check|quote|update|price)",
        "let me know what {symbol} (is at|is trading at|goes for|closed at|costs)",
        "look up what [my] {symbol} shares are (worth|trading at|going for) [now]",
        "check what (i'd|we'd|you) pay for (a|one) share of {symbol}",
        "find [out] the going rate for {symbol} [stock|shares]",
        "grab (the|a) [latest|quick] (quote|price) (on|for) {symbol}",
        "check the market for {symbol}",
        "check [up] on my {symbol} (stock|shares|position)",
        "get me the latest on {symbol} [stock|shares]",
        "tell me (if|whether) {symbol} is (up|down|up or down|in the red|in the green)",
        "check (if|whether) {symbol} (went up|went down|dropped|tanked|recovered|is "
        "falling|is rising)",
        "read (me|out) the {symbol} (price|quote)",
        "(fetch|return|get) the [current|last] market price for [the] ticker {symbol}",
        "look at {symbol} and tell me the (price|quote)",
        "tell me the (price|stock price|share price) of {symbol} in {currency}",
        "quote me {symbol} [in {currency}]",
        "show [me] {symbol} in {currency}",
        "tell me what (one|a single) {symbol} share (costs|is worth) [in {currency}]",
        "track down the (price|quote|latest price) (of|for) {symbol}",
        "remind me what {symbol} is (worth|trading at|at)",
        "see where {symbol} (stands|is at|closed|opened)",
        "help me price [a share of] {symbol}",
        "give me a number for {symbol}",
        "(have|take) a (look|peek) at {symbol} [for me]",
        "check the ticker {symbol} [and tell me the price]",
        "use {symbol} as the (ticker|symbol) and get the (price|quote)",
    ),
    questions=(
        "(what is|what's) the [current|latest|live] (price|stock price|share price|quote|value) "
        "[right now|now|today] (of|for) {symbol}",
        "(how much|what) is [one share of|a share of|the stock] {symbol} worth [right "
        "now|now|today]",
        "(how much|what) does [one share of|a share of|the stock] {symbol} (cost|trade at|sell "
        "for) [right now|now|today]",
        "how (is {symbol}|are {symbol} shares|is {symbol} stock|is the stock {symbol}) doing "
        "[today|now|right now|on the market]",
        "(where is|what is|what's) {symbol} (trading|at|trading at|priced at) [today|now|right "
        "now]",
        "{symbol} (price|quote|stock|stock price|share price|shares) [now|today]",
        "(price|quote|stock price|share price|latest price) (of|for) {symbol}",
        "i (need|want|would like) (the|a) [current|latest] (price|quote|share price) (of|for) "
        "{symbol}",
        "how much (would|do) i (pay|have to pay) for (one|a) share of {symbol}",
        "(is there|do you have|have you got|got) a (price|quote|recent quote) (for|on) {symbol}",
        "(did {symbol} (go up|fall|drop|rise)|has {symbol} (gone up|fallen|risen)) [today|much]",
        "(how's|hows) {symbol} (doing|looking|holding up|trading) [rn|right now]",
        "(what's|whats) {symbol} (at|trading at|going for|worth) [rn|atm|right now]",
        "is {symbol} (up|down|up or down|in the green|in the red) [rn|this morning]",
        "{symbol} (price pls|quote pls|price rn|rn|how much|price plz)",
        "i'm thinking (of|about) (buying|selling) {symbol}, (what's it at|how much is it|what "
        "is the price)",
        "i (own|hold|bought) some {symbol} shares, what are they worth [now]",
        "can i afford a share of {symbol}",
        "should i (buy|sell) {symbol} at this price, (what's it at|how much is it)",
        "what did {symbol} (close|open) at",
        "how much (would|does) (one|a single) {symbol} share (set me back|cost|go for)",
        "how expensive is [a share of] {symbol}",
        "any idea what {symbol} (costs|is worth|trades at)",
        "(what's|how much is) [a share of] {symbol} (worth in|in) {currency}",
        "my (dad|broker|colleague) keeps talking about {symbol}, (what's it trading at|what's "
        "the price|how much is it)",
        "(where's|where is) {symbol} (at|at right now|trading)",
        "(got|you got) (a price|a quote|the latest) (on|for) {symbol}",
        "what does the market say about {symbol}",
        "did {symbol} (close higher|close lower|have a good day|recover)",
    ),
    missing={
        "symbol": (
            "(what is|what's) the [current|latest] (stock price|share price|stock quote) "
            "[now|today]",
            "(check|look up|get|tell me|show me|pull up) (a|the|my) (stock price|share "
            "price|stock|stock quote) [for me|now]",
            "i (want|need|would like) (to check a stock|a stock quote|a share price|to know a "
            "share price)",
            "how much (is (the|that|this|one) (stock|share) worth|does (the|that|this|one) share "
            "cost) [now|today]",
            "(how is|how's) (the|my|that) (stock|share) doing [today|now]",
            "(check|look at) (the|my|that) (stock|shares) [for me]",
            "tell me what (my|the|that) (stock|share) is worth [in {currency}]",
            "get (me a|a) [stock] quote [in {currency}]",
            "check (if|whether) (my|the|that) stock (went up|is down|dropped|recovered)",
            "look up (a|the|that) ticker",
            "give me the share price in {currency}",
            "see how the (stock|share) is (doing|trading|looking)",
            "pull up (the|my|a) stock price",
        ),
    },
    result={
        "price": number(1, 900),
    },
    answers=(
        "{symbol} trades at {price}.",
        "The price of {symbol} is {price}.",
        "One share of {symbol} costs {price}.",
    ),
    statements=(
        "i (want|need) to (know|see) what {symbol} (is worth|trades at|costs)",
        "my (boss|client|broker) (wants|asked for|needs) the [latest] {symbol} (price|quote)",
        "i'm (thinking of|considering) (buying|selling) {symbol} and need the (current "
        "price|latest quote)",
        "(curious|i'm curious|i wonder|i was wondering) how {symbol} is doing",
        "i was wondering what {symbol} (trades at|is worth|costs)",
        "no idea what {symbol} is worth these days",
        "i'm (putting together|writing) a report and need the [share|stock] price of {symbol}",
        "(markets are open|i'm watching the market). (Give me|Get|Show me) the {symbol} "
        "(price|quote)",
        "i (bought|inherited) some {symbol} [shares] last year. (Tell me|Check) what a share "
        "is worth",
        "(let's|gotta) (check|see|look at) {symbol}",
        "i (need|want) to know what {symbol} (is worth|costs) in {currency}",
        "my boss wants the {symbol} (price|quote) in {currency}",
    ),
)
