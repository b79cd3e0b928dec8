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
        "play (media|by title|music track|song by name|from spotify)",
        "(spotify|music) (play|play song|search and play|start playback)",
        "(start|resume|control) playback",
        "(add to|play from) (queue|playlist)",
        "(media|playback) (play|start|control)",
        "(play|request) (tune|a song)",
    ),
    descriptions=(
        "(Play|Plays|Start|Starts|Stream|Streams|Put on) a (song|track|piece of music|tune|song or "
        "album)[.]",
        "(Plays|Starts|Streams) [some|the wanted] music(| by its title| on the speakers| from the "
        "library)[.]",
        "(Music|Song|Audio) (player|playback)[.]",
        "(Finds|Looks for) a (song|track|record) and (plays|starts) it[.]",
        "Start playback of a (song|track|album|playlist)[ on the (current|active) device][.]",
        "(Play|Plays|Stream|Streams) (music|audio) for the user[.]",
        "(Search for|Look up) a (track|song) (and play it|by name and start playback)[.]",
        "(Queue|Add) a (song|track)[ to the (queue|player)] and play it[.]",
    ),
    slots=(
        Slot(
            key="title",
            kind=title,
            names=(
                "(title|song|track|name|song title|track name|what|music|query|song "
                "name|track title|media|uri|what to play)"
            ),
            descriptions=(
                "(The|Name of the|Title of the) (song|track|album|piece|music)[.]",
                "(Title|Song|Track)(| to play| to start| name)[.]",
                "What to (play|listen to)[.]",
                "(Title|Name) of the (song|track|album) as (given|said) by the user[.]",
            ),
            asked="(song|title|track|music)",
        ),
        Slot(
            key="artist",
            kind=person,
            names=(
                "(artist|singer|band|musician|by|performer|artist name|by artist|singer "
                "name|artists)"
            ),
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
            names="(shuffle|shuffled|random|random order|mix|shuffle mode|is shuffled|randomize)",
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
        "play {title}",
        "play [me|us] [the song] {title} by {artist}",
        "put on {title}",
        "put on [the (song|track|album)] {title} by {artist}",
        f"play {{artist}}'s {Q} [for me|for us|next]",
        f"play {Q} by {{artist}} [next|for us|on the speakers|right now]",
        f"(throw|stick|pop) on {Q} [for a bit|for us|real quick]",
        f"(crank up|blast|spin|fire up|cue up|hit us with) {Q}",
        f"blast {Q} (on the speakers|through the house|in the kitchen)",
        "queue [up] {title} (next|after this|after this one)",
        f"add {Q} to the (queue|party queue|end of the queue)",
        f"(skip|switch|jump|change over) to {Q}",
        f"(change|switch) (the song|this song|the track|the music|what's playing) to {Q}",
        f"play that {Q} (song|track|tune|thing) [again]",
        f"find {Q} [by {{artist}}] and (play it|put it on|start it)",
        f"get {Q} (playing|going|on) [for us]",
        f"(wake|cheer) (me|us|the kids) up with {Q}",
        f"(hit|press) play on {Q}",
        f"treat (us|me) to {Q}",
        f"give (us|me) {Q} (on the speakers|to dance to|to work to|to wake up to)",
        f"play {Q} (on my phone|on the kitchen speaker|on the tv|in the car|in the living room)",
        f"play the [whole|full] album {Q} {{shuffle}}",
        f"play {Q} {{shuffle}} (for the party|for me|while i cook|all evening)",
        f"let (me|us) jam to {Q}",
        f"(drop|lose|kill) this song and play {Q}",
        "stream {title} by {artist}",
        f"play something good, say {Q}",
        f"(bring on|go with|start us off with|open with) {Q}",
        "stop this and (play|put on) {title}",
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
        f"can (i|we) get some {Q} (on|going|in here)",
        "what about {title}",
        f"got {Q} by {{artist}}",
        f"any chance of (hearing|some) {Q}",
        f"{Q} (pls|please|plz)",
        "play {title} (pls|please|plz)",
        f"(who's|anyone|are you) up for {Q}",
        f"why (not|don't we) (play|put on|spin|listen to) {Q}",
        "do you have {title} by {artist}",
        f"shall we (listen to|put on|play|hear) {Q}",
        f"how about some {Q} [to get us going|while we wait|for a change]",
        "song request: {title}",
        f"(guests are here|friends are coming|dinner is ready), can we have {Q}",
        f"it's (too|so) quiet in here, can (we|i) hear {Q}",
        f"(i'm bored|long drive ahead|party time|time to clean), how about {Q}",
        f"could you do {Q} next",
        f"can you find {Q} [by {{artist}}] and play it",
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
            "play (something|a song|anything|some music) by {artist}",
            "put on some {artist}",
            "(throw|put|stick) on some (tunes|background music|music|beats)",
            "play (that song|that one song|the song i like|the one from the radio|something "
            "nice) [again]",
            "get (the music|some music) going [in here]",
            "(queue|cue) something up [for us]",
            "play (something to dance to|something calm|some music while i cook|my favourite song)",
            "play me (a song|something|some music) {shuffle}",
            "find (me|us) something to listen to",
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
    statements=(
        f"my (kids|guests|friends) (want|would love|are asking for|keep asking for) {Q}",
        f"my (daughter|boyfriend|wife|neighbour) (wants|is asking for|would love to hear) {Q}",
        "(it's|it is) (too|way too|so) quiet in here. (Play|Put on) {title}",
        "i'm (cooking|working out|cleaning|studying|driving). (Put on|Play|Queue up) {title}",
        f"we're having (a party|people over|a barbecue). Start with {Q}",
        "i feel like (dancing|singing|relaxing|moving). Play {title}",
        "i'd love [to hear] some {title}",
        "i'm (dying|itching|in the mood) to hear {title}",
        "(let's|lemme) hear {title}",
        f"(let's|we should) (dance|sing|chill|work out) to {Q}",
        f"(enough of this|i don't like this song|not this one), play {Q}",
        f"(my kids want|my wife wants|we'd love|i'd love) to hear {Q} by {{artist}}",
        "(i'm cooking|we're cleaning|guests are here). (Play|Put on) {title} by {artist}",
        f"(party time|long drive ahead), so play {Q} {{shuffle}}",
    ),
)
