"""The weather at a place."""

from __future__ import annotations

from training.family import Family, Slot
from training.values import choice, day, integer, place

FAMILY = Family(
    name="weather",
    tools=(
        "(get|fetch|check|look up|read|find|show) [current|local|city] "
        "(weather|forecast|conditions)",
        "(weather|forecast) [for|in] (city|place|location)",
        "(weather|forecast) [report|lookup|info|service|now|api]",
        "current (weather|conditions)",
        "[get] weather (by city|data|update|today|at location)",
        "(fetch|retrieve|query|request) [current] (weather|forecast|temperature)",
        "open weather [map|api]",
        "(temperature|climate|meteo) (in city|lookup|report)",
        "(will it rain|how is the weather)",
        "get [daily|local] (forecast|weather forecast|temperature)",
    ),
    descriptions=(
        "(Get|Fetch|Look up|Find|Returns|Gives|Tells|Shows) the [current|local|latest] "
        "(weather|forecast|weather report|conditions) (in|for|of|at) a "
        "(city|place|location|town)[.]",
        "(Weather|Forecast|Weather conditions) (for|at|in) a [given|named] "
        "(city|place|location)[.]",
        "(How|What) the weather is (in|at) a (city|place)[.]",
        "(Retrieve|Retrieves|Query|Provides) [the] (current|latest|real-time) weather "
        "(data|information|conditions) for (a location|a given location|a city)[.]",
        "Get (temperature|temperature and sky|rain and temperature) (for|at) (a|the) "
        "[specified] (location|city)[.]",
        "(Use this to|Call this to|Can) (answer questions about|check|look up) the weather[ "
        "anywhere| in a city| somewhere][.]",
        "Weather (API|service|endpoint)[ that (takes|needs) a (city|location)][.]",
    ),
    slots=(
        Slot(
            key="city",
            kind=place,
            names=(
                "(city|location|place|town|city "
                "name|where|q|area|address|loc|query|destination|location name)"
            ),
            descriptions=(
                "(The|Name of the) (city|place|town|location)[.]",
                "(City|Place|Town|Location) [name|to look up][.]",
                "Where[.]",
                "(The|A) (city|location) (name|to get the weather for)[, e.g. "
                "(Paris|London|Boston)][.]",
                "Name of the (city|location)[ as the user said it][.]",
            ),
            asked="(city|place|town|location)",
        ),
        Slot(
            key="day",
            kind=day,
            names="(day|date|when|for day|forecast date|target date|on)",
            descriptions=("(The|Which) (day|date)[.]", "(Day|Date) of the forecast[.]"),
            asked="(day|date)",
            optional=True,
            tails=("(for|on) {day}", "{day}"),
        ),
        Slot(
            key="unit",
            kind=choice("celsius", "fahrenheit", "kelvin"),
            names="(unit|units|scale|temperature unit|degrees|temp unit|system|measure)",
            descriptions=(
                "(Unit|Scale) (of|for) the temperature[.]",
                "Temperature (unit|scale)[.]",
            ),
            asked="(unit|scale)",
            optional=True,
            tails=("in {unit}", "(using|use) {unit}", "[and] give it in {unit}", "as {unit}"),
        ),
    ),
    commands=(
        "(check|look up|get|find|tell me|show me|give me|fetch|pull up|read me) [me] "
        "[the|today's|the current|the latest] (weather|forecast|weather "
        "report|conditions|temperature) (in|for|at|over in|around) {city}",
        "(tell me|find out|check|see) (what|how) the weather is [like] (in|at) {city}",
        "(tell me|check|see|find out) (if|whether) (it is raining|it is cold|it is warm|it will "
        "rain|it will snow|i need an umbrella|i need a coat) (in|at) {city}",
        "(let me know|tell me) how (warm|cold|hot|windy|wet|sunny) it is in {city}",
        "(do|run) a weather (check|lookup) for {city}",
        "(give|get|grab) me a [quick] weather (update|report|check|summary|rundown) (for|on) "
        "{city}",
        "tell me (what it's like|how it is) (outside|out|out there) in {city} [right now]",
        "check (if|whether) (i|we) (need|will need|should bring) (a jacket|an "
        "umbrella|sunscreen|a raincoat|warm clothes) in {city}",
        "see (if|whether) it's (nice|hot|cold|pouring|freezing|raining) (out|outside) in {city}",
        "find out how (hot|cold|chilly|humid|warm) it (gets|is getting|will get) in {city}",
        "check {city} weather [for me|real quick|rn]",
        "look at the (weather|forecast) for {city} [and tell me what to wear|and say if i "
        "should stay in]",
        "check the (forecast|weather) for (my trip to|our trip to|my flight to|the match "
        "in|the wedding in|the barbecue in) {city}",
        "let me know what to (pack|wear|expect weather-wise) (for|in) {city}",
        "tell me (if|whether) (we|i) can (have a picnic|go for a run|ride a bike|go "
        "hiking|hang out the laundry) in {city} (given the weather|weather-wise|without "
        "getting wet)",
        "help me (decide|figure out) what to wear in {city}",
        "give me the (temp|temperature|weather) in {city} [rn|right now|atm]",
        "tell me how {city} is (looking|doing) weather-wise",
        "check what the sky (is doing|looks like) (in|over) {city}",
        "show [me] the (weather|forecast) (of|in|for) {city} for {day}",
        "get {city}'s (forecast|weather) for {day}",
        "check how {day} looks in {city} [weather-wise|for a walk|for a trip to the beach]",
        "tell me what the weather will be [like] {day} in {city}",
        "look up {city}'s (weather|forecast|temperature|conditions)",
        "(get|show|tell) me the temperature in {unit} (for|in) {city}",
        "(fetch|get|send) me the {city} (weather|forecast|temps|temperature)",
        "report the (weather|conditions|temperature) (in|for) {city}",
        "check (if|whether) (a storm|rain|snow|bad weather) is (coming|heading|on its way) to "
        "{city}",
        "check on the weather (over there|back home|up there|down there) in {city}",
        "see what (it's|the weather is|the weather's) doing in {city}",
        "find out (if|whether) {city} is (getting|having) (rain|snow|sun|a storm|nice weather)",
        "check the {city} forecast and (tell me if it will rain|say what to wear|let me know)",
        "get a forecast (for|of) {city} [{day}]",
    ),
    questions=(
        "(what is|what's|how is|how's) the (weather|forecast|temperature) [like] [right "
        "now|now|today|at the moment] (in|for|at|over in) {city}",
        "(how|just how) (warm|cold|hot|windy|sunny|wet) is it [today|now|right now] in {city}",
        "(is it|will it be) (raining|snowing|sunny|cold|warm|windy|cloudy|foggy) in {city}",
        "(do|will|would|should) i (need|want|take|bring) (an umbrella|a coat|a "
        "hat|sunglasses|boots) in {city}",
        "{city} weather",
        "what (are|were) the conditions (in|at) {city}",
        "any (rain|snow|sun|wind|storms) in {city}",
        "i'm (off|going|flying|driving|heading) to {city} {day}, (what should i pack|do i "
        "need a coat|will it rain|how's the weather looking)",
        "(heading|off|travelling|going) to {city}, (what's|whats|what is) the weather like "
        "[there|over there]",
        "not sure (if|whether) i need (a jacket|an umbrella|boots|a coat) in {city}",
        "{city} (forecast|weather|temp|temperature) (pls|please|plz|rn|now)",
        "(what's|whats|how's|hows) it (looking|feeling) (outside|out|weather-wise) in {city}",
        "is it (gonna|going to) (rain|snow|pour|be sunny|be hot|clear up) in {city} [{day}]",
        "should (i|we) (bring|take|pack) (an umbrella|a coat|shorts|a sweater) to {city}",
        "(can|could) (i|we) (eat outside|go for a run|have a barbecue|cycle) in {city} {day} "
        "or (will it rain|is it too cold|is it too windy)",
        "how (hot|cold|warm) (does it get|will it be|is it gonna be) in {city} [{day}]",
        "what (can|should) (i|we) expect weather-wise in {city}",
        "my (mom|daughter|flight|friend) (lands|is landing|arrives) in {city} {day}, what's "
        "the weather (like|going to be) there",
        "do you know (if|whether) it's (raining|snowing|cold|hot|sunny) in {city} [right now]",
        "weather [in|for] {city} [{day}]",
        "(how's|how is) {city} (doing|looking) weather-wise [these days|right now]",
        "(shorts or jeans|umbrella or no umbrella|jacket or no jacket|t-shirt or sweater) in "
        "{city} {day}",
        "(what's|whats) the temp (in|over in) {city} [rn|right now]",
        "is {city} (cold|hot|rainy|windy) (right now|at the moment|rn)",
        "(got any|any) idea what the weather is (like|doing) in {city}",
        "(i have|we have|there is) a (match|wedding|picnic|meeting) in {city} {day}, will "
        "(it|the weather) be (ok|nice|dry|cold)",
    ),
    missing={
        "city": (
            "(what is|what's|how is|how's) the (weather|forecast|temperature) [like] "
            "[there|outside]",
            "(check|look up|get|tell me|show me|give me) the (weather|forecast|temperature) "
            "[please]",
            "(is it|will it be) (raining|snowing|sunny|cold|warm|windy) [there|outside]",
            "(do|will|should) i (need|take|bring) (an umbrella|a coat|a hat)",
            "i (want|need|would like) (a|the) weather (report|forecast|check)",
            "check the (weather|forecast) for (my trip|our trip|my holiday|the match|our picnic)",
            "tell me (if it will rain|what to wear|if i need a coat|how cold it gets|if it's "
            "warm enough for shorts)",
            "(check|see) (if|whether) it's (cold|raining|hot|nice|snowing) (out|outside)",
            "tell me what it's like (out|outside|out there)",
            "give me a [quick] (forecast|weather update|weather report)",
            "look up the (forecast|weather) for {day}",
            "help me decide (what to wear|if i need a jacket|whether to take an umbrella)",
            "find out (if|whether) it will (rain|snow|be sunny) {day}",
            "give me the temperature in {unit}",
        ),
    },
    result={
        "temperature": integer(-30, 45, spoken=False),
        "sky": choice("sunny", "cloudy", "rainy", "foggy", "clear", "windy", "snowy", "stormy"),
    },
    answers=(
        "It is {temperature} degrees and {sky} in {city}.",
        "The weather in {city} is {sky} with {temperature} degrees.",
    ),
    statements=(
        "i'm (off|going|flying|driving) to {city} {day} and (have no idea what to pack|need "
        "the forecast|want to know what the weather is like)",
        "(we have|there's) a (picnic|wedding|match|hike) (coming up in|planned in) {city}. "
        "(Check|Look up) the (weather|forecast) [for us|please|there]",
        "my (boss|wife|mother|friend) wants (the|to know the) (weather|forecast|temperature) "
        "(in|for) {city}",
        "i (wonder|keep wondering|was wondering) (if it's raining|how cold it is|what the "
        "weather is like) in {city}",
        "(not sure|no idea|i can't decide) (what to wear|if i need a coat|if it's warm enough "
        "for shorts) in {city}",
        "(would love|i'd love|i'd like) to know (the weather|the forecast|the temperature) "
        "(in|for) {city}",
        "(planning|i'm planning|we're planning) a (trip|hike|drive|holiday) to {city} and "
        "(need|want) the forecast",
        "i (left|forgot) my (umbrella|coat|jacket) and i'm (on my way|heading) to {city}. "
        "(Check the weather|Tell me if it rains) there",
        "i (need|want) to know the temperature in {city} in {unit}",
        "my boss wants the {city} (forecast|weather) for {day}",
    ),
)
