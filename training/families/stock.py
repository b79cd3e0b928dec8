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
    ),
    descriptions=(
        "(Get|Fetch|Look up|Find|Returns|Gives|Tells|Shows) the [current|latest|live] "
        "(price|quote|market price|value) of a (stock|share|listed company|ticker)[.]",
        "(Stock|Share) (price|quote|value) (for|of) a [given] (ticker|symbol|ticker symbol)[.]",
        "(What|How much) a (share|stock) (costs|is worth|trades at)(| right now| now| today)[.]",
        "[Live|Current] (stock market|share) (quotes|prices|data)[.]",
    ),
    slots=(
        Slot(
            key="symbol",
            kind=ticker,
            names="(symbol|ticker|stock|ticker symbol|share|stock symbol|code|quote symbol)",
            descriptions=(
                "(The|Its|A) (ticker|symbol|ticker symbol|stock symbol)[.]",
                "(Ticker|Symbol|Stock code)(| of the (share|stock|company)| to look up)[.]",
                "Which (stock|share)[.]",
            ),
            asked="(ticker|stock|symbol|share|stock symbol)",
        ),
        Slot(
            key="currency",
            kind=currency,
            names="(currency|in currency|currency code|unit|convert to)",
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
)
