"""A search of the web."""

from __future__ import annotations

from training.family import Family, Slot
from training.values import integer, title, topic

# The query is quoted always: a tail with the number of results may come after it.
QUERY = '("{query}"|"{query}"|\'{query}\')'

FAMILY = Family(
    name="search",
    tools=(
        "(web|internet|online|google|bing) (search|lookup|query)",
        "(search|query|browse) [the] (web|internet|google)",
        "(search|look up) online",
        "(do|run|perform|make) (web|internet|online) search",
        "(web|internet) search (engine|tool|api|results)",
        "(get|fetch|find) (web|search) results",
        "google [it|web]",
        "(tavily|duckduckgo|bing|brave) search",
        "(search|find) (information|info|pages|websites|articles)",
        "(web|internet) (browse|browser|research|find)",
        "[run|execute] search query",
        "(lookup|ask) (web|internet)",
        "(news|article|page) search",
    ),
    descriptions=(
        "(Search|Searches|Query|Queries) the (web|internet|world wide web)[ for (a query|a "
        "topic|information|anything|some words)][.]",
        "(Find|Finds|Look up|Get|Gets|Returns|Lists) (pages|web pages|results|information|sites) "
        "(on|from) the (web|internet) (for|about) a (query|topic|subject)[.]",
        "(Web|Internet|Online) search[ engine| tool][ for a given (query|topic)][.]",
        "(Run|Do|Perform|Make) (a web|an internet|an online) search[ and return the results][.]",
        "(Search|Searches) (Google|Bing|the internet) and (return|returns) the (top|best) "
        "(results|hits|pages)[.]",
        "(Useful for|Use this for|Use it for) (finding|looking up) (current "
        "events|facts|information|anything online)[.]",
        "(Finds|Find|Retrieves) (up-to-date|current|recent) information (online|from the web)[.]",
        "(Sends|Send) a query to a search engine[ and (get|list) the (links|results)][.]",
    ),
    slots=(
        Slot(
            key="query",
            kind=topic,
            names=(
                "(query|q|search query|search term|term|terms|keywords|topic|search "
                "text|query string|search string|search for|question|phrase|search)"
            ),
            descriptions=(
                "(The|A) [search] (query|term|topic)[.]",
                "(What|The words|The text|The topic) to (search|look) for[.]",
                "(Search terms|Keywords|Query string)[.]",
                "(The|A) (search query|query string|search phrase) (to send|to submit|for the "
                "search engine)[.]",
            ),
            asked="(search term|query|topic|subject)",
        ),
        Slot(
            key="limit",
            kind=integer(1, 50),
            names=(
                "(limit|count|num results|max results|results|number|top|size|n|max|num|page "
                "size|top k|result count|results count|per page)"
            ),
            descriptions=(
                "[The] (maximum|greatest|largest) number of results[.]",
                "How many (results|pages|hits) to (return|show|get|give)[.]",
                "[The] (number|count) of (results|hits)[ to return][.]",
            ),
            asked="(number of results|limit|count)",
            optional=True,
            tails=(
                "[and] (show|give|list|get|return) [me] [only|just] [the (top|first|best)] "
                "{limit} (results|hits|links|pages)",
                "with (a limit|a maximum|a cap) of {limit} [results]",
                "[and] (limit|cap|keep) (it|the results|the list) (to|at) {limit}",
                "(with|for) [up to|at most|no more than] {limit} (results|hits|links)",
                "(at most|up to|no more than|max|maximum|limit) {limit} [results]",
                "{limit} results [only|will do|are enough]",
                "[just|only] the (top|first|best) {limit}",
            ),
        ),
    ),
    commands=(
        "(search|look|browse) [the] (web|internet|online) for [some|the best] {query}",
        "(google|search for|look up|web search|find online|research) {query}",
        "(do|run) a web search (for|on|about) {query}",
        "(find|search) (articles|pages|news|information|results|websites) (about|on) {query}",
        f"(search|scan|browse|check|comb|query) (the web|the internet|the net|online|google|bing) "
        f"for {QUERY}",
        f"(search|look|go looking|hunt) for {QUERY} [online|on the web|on the internet|on google]",
        f"(google|look up|web search|look online for|search up) {QUERY}",
        f"(look up|search) {QUERY} (online|on the web|on the internet|on google)",
        f"(do|run|make|perform|start|try) (another|one|a quick|a new) (search|web search|internet "
        f"search|google search|online search) (for|on|about) {QUERY}",
        f"(find|get|fetch|dig up|show|give|bring) me (pages|web "
        f"pages|sites|articles|information|some information|search results|links|something) [from "
        f"the web|online] (on|about) {QUERY}",
        f"(find|dig up|gather|collect|pull up) [some|any|more] "
        f"(info|information|articles|sources|web pages|links) [from the web|online] (on|about) "
        f"{QUERY}",
        f"(see|check|find out|look up|tell me) what (the web|the internet|google|the net) "
        f"(says|has|knows|turns up) (on|about) {QUERY}",
        f"(put|type|enter|pop) {QUERY} into (google|a search engine|the search engine|a web "
        f"search)",
        f"use (the web|the internet|google|a search engine|web search) to (find|look "
        f"up|research|read up on|search for) {QUERY}",
        f"(research|read up on|look into|investigate) {QUERY} (online|on the web|on the internet)",
        "search {query} online",
        "search up {query}",
        "see what you can find (on|about) {query}",
        f"find out (more|something|everything) about {QUERY} (online|on the web|on the internet)",
        "find me (something|stuff|anything|some info|some links|a few sources|good articles) "
        "(on|about) {query}",
        "do (some|a bit of|a little|quick) (research|digging|googling) (on|about) {query}",
        "check (online|the internet|google|the web) for (anything|info|news|articles) "
        "(on|about) {query}",
        "(hit up|ask) (google|the internet|the web) about {query}",
        "get me (the|some) (top hits|search results|latest news|links) (for|on) {query}",
        "(find|show|get|give) me {limit} (articles|pages|links|results|sources) (on|about) {query}",
        "show me the (top|first|best) {limit} (hits|results|links) (for|about) {query}",
        f"run {QUERY} through (google|a search engine|a web search)",
        f"search {QUERY} and (tell me what comes up|show me the results|see what comes up)",
        "pull up (results|info|whatever you can find) (for|on) {query}",
        "look (this|the following) up[ online]: {query}",
        "google this[ for me]: {query}",
        "search the web for this: {query}",
        "find (a website|websites|a page|blogs|a guide|some posts) about {query}",
        "see if (google|the internet|the web) (knows|has) (anything|something) about {query}",
        f"look for (info|news|reviews|reports) (on|about) {QUERY} (online|on the web)",
        "scour the (web|internet|net) for {query}",
        "search the (net|web|internet) and tell me about {query}",
        "help me find (info|something|articles|sources) (on|about) {query}",
        "use the internet to (find out|learn|read) about {query}",
        "bring up some (pages|links|articles) (on|about) {query}",
        "find [out] what people (say|write|are saying) (online|on the web) about {query}",
        f"search for {QUERY} on (the internet|google|bing) [for me]",
        "look around online for {query}",
        "list {limit} (websites|pages|search results) (on|about) {query}",
        "search with (the query|these keywords|the words|the term) {query}",
    ),
    questions=(
        f"what (does|will|would) (the web|the internet|google|a web search) (say|show|turn "
        f"up|bring up|tell us|find) (on|about|for) {QUERY}",
        f"(are|were) there [any] (pages|articles|sites|web pages|search results|links) [online|on "
        f"the web|on the internet] (about|on|for) {QUERY}",
        f"(is there|have you got|do you see) (anything|something|any information|much) (online|on "
        f"the web|on the internet) about {QUERY}",
        f"(i need|i want|i'd like|i would like|i'm after) [some|the|a few] (search "
        f"results|web results|web pages|online sources|google results) (for|on|about) {QUERY}",
        f"(web search|online search|internet search|google search|search|google): {QUERY}",
        f"(what|which) (pages|sites|articles|results|links) (come up|are there|do you find|show "
        f"up|can be found) [online|on the web] (for|on|about) {QUERY}",
        f"what (can|do|could) (you|we|i) (find|learn|read|look up) (online|on the web|on the "
        f"internet) about {QUERY}",
        f"(any|some) (web pages|search hits|links|articles online|news online) (on|about) {QUERY}",
        f"{QUERY} (on google|on the web|online|web search|google search)",
        "(what's|what is) out there (on|about) {query}",
        "can i get some (info|links|hits|search results) (on|about) {query}",
        "what are people saying online about {query}",
        "what's the (internet|web) saying about {query}",
        "anything (new|interesting|good) online about {query}",
        f"i have to write (an essay|a report|a paper) (on|about) {QUERY}, (what can you "
        "find|can you search the web)",
        f"(my kid|my boss|a friend) asked me about {QUERY}, (what does google say|what can "
        "you find online)",
        f"(have you|ever) heard of {QUERY}, can you (google it|look it up online)",
        f"where (can|do) i read (up on|more about) {QUERY} online",
        "(does|would) google (know|have) anything (on|about) {query}",
        "mind (googling|searching the web for|looking online for) {query}",
        "any (luck finding|idea where to find) (info|articles|pages) (on|about) {query}",
        "could you see what's online about {query}",
        "(what|which) are the top {limit} (results|links|hits) for {query}",
        "can you find me {limit} (articles|links|pages) (on|about) {query}",
        "google {query} (pls|please|plz)",
        f"{QUERY} (google it|search it|look it up) (pls|please|plz|for me)",
    ),
    missing={
        "query": (
            "(search|scan|browse|check) (the web|the internet|google|online) [for me|for "
            "something]",
            "(run|make|start) (a search|a web search|an internet search|a [quick|new] google "
            "search|a (quick|new) (search|web search|internet search)) [for me]",
            "(look|search) (something|a thing|it) up (online|on the web|on the internet|on google)",
            "(i need|i want|i'd like|i would like) (a web search|to search the web|to google "
            "something|to look something up online|some search results)",
            "(google|look up) something [for me|online]",
            "(find|dig up|get) me (something|some information|some articles) (online|on the web)",
            "google (it|that|this|something) [for me]",
            "try (some research|googling|some digging) [online|for me]",
            "look (that|this) up [online|for me]",
            "find [me] {limit} (articles|results|links|pages)",
            "search the web and (tell me what you find|show me {limit} results)",
            "find me some (links|sources|articles|websites)",
            "help me (search for|google|look up) something",
            "run a [web] search with {limit} results",
            "(dig up|find) (some info|some news|something) online",
        ),
    },
    result={
        "title": title,
        "hits": integer(2, 9000, spoken=False),
    },
    answers=(
        'I found {hits} results for "{query}"; the first is "{title}".',
        'The best result for "{query}" is "{title}".',
        'There are {hits} pages about "{query}", with "{title}" at the top.',
    ),
    statements=(
        f"i (need|want) to (learn|know more|read) about {QUERY}, so (google it|search the web)",
        f"i (read|heard|saw) something about {QUERY}. (Google it|Look it up online|Search the web)",
        "i'm writing (a report|an essay|a talk) and need (links|articles|web pages|sources) "
        "about {query}",
        "my (boss|teacher|editor) wants (articles|web results|some online research) "
        "(on|about) {query}",
        "(curious|i'm curious|i wonder|wondering) what the (web|internet) says about {query}",
        "(would love|i'd love) to see what's online about {query}",
        f"i can't find anything about {QUERY}, so search the web for it",
        "(web search|google|search|search query|look up online): {query}",
        "(let's|we should) (google|look online for|search the web for) {query}",
        "i (need|want|could use) {limit} (articles|links|sources|pages) (on|about) {query}",
        "my (boss|teacher) wants {limit} (web pages|sources|links) about {query}",
    ),
)
