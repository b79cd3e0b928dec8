"""Playing music."""

from __future__ import annotations

from training.family import Family, Slot
from training.values import flag, integer, person, title

Q = "(\"{title}\"|'{title}'|“{title}”)"
WORK = "(song|track|album|playlist|tune|record|piece)"

FAMILY = Family(
    name="music",
    tools=(
        "(play|start|stream|queue) [some] (music|song|track|album|tune|audio track)",
        "(music|song|audio|track) (player|playback|stream|play)",
        "(put on|start) (music|song|track|tune)",
        "(play|stream) (on|from) (speaker|jukebox|music library)",
        "(jukebox|dj|media player) [play]",
        "music [service|control|start]",
    ),
    descriptions=(
        "(Play|Plays|Start|Starts|Stream|Streams|Put on) a (song|track|piece of music|tune|song or "
        "album)[.]",
        "(Plays|Starts|Streams) [some|the wanted] music(| by its title| on the speakers| from the "
        "library)[.]",
        "(Music|Song|Audio) (player|playback)[.]",
        "(Finds|Looks for) a (song|track|record) and (plays|starts) it[.]",
    ),
    slots=(
        Slot(
            key="title",
            kind=title,
            names="(title|song|track|name|song title|track name|what|music)",
            descriptions=(
                "(The|Name of the|Title of the) (song|track|album|piece|music)[.]",
                "(Title|Song|Track)(| to play| to start| name)[.]",
                "What to (play|listen to)[.]",
            ),
            asked="(song|title|track|music)",
        ),
        Slot(
            key="artist",
            kind=person,
            names="(artist|singer|band|musician|by|performer|artist name)",
            descriptions=(
                "(The|Name of the) (artist|singer|band|musician)[.]",
                "(Artist|Singer|Band|Performer)(| of the (song|track))[.]",
                "Who (sings|plays|made) it[.]",
            ),
            asked="(artist|singer|band)",
            optional=True,
            tails=(
                "by {artist}",
                "(sung|played|performed|recorded) by {artist}",
                "the (version|one|recording) by {artist}",
                "from {artist}",
            ),
        ),
        Slot(
            key="shuffle",
            kind=flag("shuffled", "in order"),
            names="(shuffle|shuffled|random|random order|mix)",
            descriptions=(
                "(Whether|If) (the order is random|it is shuffled|to shuffle)[.]",
                "(Shuffle|Shuffled|In random order)[.]",
                "True (to shuffle|for shuffled|for random order)[.]",
            ),
            asked="order",
            optional=True,
            tails=("{shuffle}", "[and] (play it|have it|keep it) {shuffle}", "all {shuffle}"),
        ),
    ),
    commands=(
        f"(play|start|stream|put on|queue|queue up) [the {WORK}] {Q} [for me|for "
        "us|now|next|right away|again|once more]",
        f"(play|stream) (me|us) [the {WORK}] {Q}",
        f"(find|look for|search for|pull up) the {WORK} {Q} and (play|start) it",
        f"(let|have) (me|us) (hear|listen to) [the {WORK}] {Q}",
        f"(put|have) [the {WORK}] {Q} on [the speakers|now|next]",
        "(put|have) {title} on [the speakers|the stereo]",
        "(play|stream|start) {title} (for me|for us|on the speakers|on the stereo|in the "
        "background)",
        f"(start|begin) (playing|streaming) [the {WORK}] {Q} [now|next|right away]",
        f"(start|begin) with the {WORK} {Q}",
        f"(play|start|put on) (something|some music|a song|a track) (called|named|titled) {Q}",
        f"(play|start) (some|a bit of|a little) {Q}",
        f"(get|bring) (the party|the music|things) (going|started) with {Q}",
        f"(make|let) the (speakers|stereo|player) play {Q}",
    ),
    questions=(
        f"(could|can) (we|i) (hear|listen to|have|get) [the {WORK}] {Q} [now|next]",
        f"i (want|need|would like|would love) to (hear|listen to) [the {WORK}] {Q} [now|again]",
        "(do you have|have you got|got|is there) (a song|a track|something|a record) "
        f"(called|named) {Q}"
        " to play",
        f"(how about|what about|time for) [playing|hearing] [the {WORK}] {Q}",
        f"(would you mind|mind) (playing|starting|putting on|streaming) [the {WORK}] {Q}",
        f"(play|music|now|song|next): {Q}",
        f"{Q} (on the speakers|for me|on the stereo|next up|now)",
        f"(i am|i'm|we are) in the mood for [the {WORK}] {Q}",
        "(i want|i need|i would like) {title} (playing|on the speakers|on the stereo|playing now)",
        "(could|would) {title} be played (now|next|for us|on the speakers)",
        f"(is it possible|any chance) to (play|hear|stream) [the {WORK}] {Q}",
    ),
    missing={
        "title": (
            "(play|start|stream|put on) (a song|some music|a track|an album|music|something|a "
            "tune) "
            "[for me|for us|now]",
            "i (want|need|would like|would love) to (hear|listen to) (a song|some "
            "music|something|a "
            "track|an album)",
            "(could|would) (we|i) (hear|listen to|have) (a song|some music|a tune|a certain track)",
            "(let|have) (me|us) (hear|listen to) (a song|some music|a track|something)",
            "(how about|time for|in the mood for) (a song|some music|a tune|an album)",
            "(queue|queue up|start|play) (the|a|another|that) (song|track|record|album) [next|now]",
        ),
    },
    result={
        "minutes": integer(2, 12, spoken=False),
    },
    answers=(
        "Now playing {title}.",
        "Playing {title}, which lasts {minutes} minutes.",
        "{title} is playing now.",
    ),
)
