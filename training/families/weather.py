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
    ),
    descriptions=(
        "(Get|Fetch|Look up|Find|Returns|Gives|Tells|Shows) the [current|local|latest] "
        "(weather|forecast|weather report|conditions) (in|for|of|at) a "
        "(city|place|location|town)[.]",
        "(Weather|Forecast|Weather conditions) (for|at|in) a [given|named] "
        "(city|place|location)[.]",
        "(How|What) the weather is (in|at) a (city|place)[.]",
    ),
    slots=(
        Slot(
            key="city",
            kind=place,
            names="(city|location|place|town|city name|where|q|area)",
            descriptions=(
                "(The|Name of the) (city|place|town|location)[.]",
                "(City|Place|Town|Location) [name|to look up][.]",
                "Where[.]",
            ),
            asked="(city|place|town|location)",
        ),
        Slot(
            key="day",
            kind=day,
            names="(day|date|when|for day)",
            descriptions=("(The|Which) (day|date)[.]", "(Day|Date) of the forecast[.]"),
            asked="(day|date)",
            optional=True,
            tails=("(for|on) {day}", "{day}"),
        ),
        Slot(
            key="unit",
            kind=choice("celsius", "fahrenheit", "kelvin"),
            names="(unit|units|scale|temperature unit|degrees)",
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
)
