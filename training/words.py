"""Lists of words that values, names and phrases are drawn from."""

from __future__ import annotations


def spaced(text: str) -> tuple[str, ...]:
    """The words between spaces, each once."""
    return tuple(dict.fromkeys(text.split()))


def commas(text: str) -> tuple[str, ...]:
    """The parts between commas."""
    return tuple(text.split(","))


CONSONANTS = spaced("b c d f g h j k l m n p r s t v w z br ch cl dr fl gr kr pl qu sh st th tr")
VOWELS = spaced("a e i o u ai au ea ee ia io oo ou y")
NUMBER_WORDS = spaced("zero one two three four five six seven eight nine ten eleven twelve")

CITIES = commas(
    "Oslo,Paris,Rome,Berlin,London,Madrid,Lisbon,Vienna,Prague,Warsaw,Athens,Dublin,Helsinki,"
    "Stockholm,Copenhagen,Amsterdam,Brussels,Zurich,Geneva,Milan,Naples,Venice,Florence,Munich,"
    "Hamburg,Cologne,Tokyo,Osaka,Kyoto,Seoul,Busan,Beijing,Shanghai,Taipei,Hanoi,Bangkok,Jakarta,"
    "Manila,Delhi,Mumbai,Chennai,Karachi,Lahore,Tehran,Baghdad,Cairo,Lagos,Nairobi,Accra,Dakar,"
    "Tunis,Algiers,Casablanca,New York,Los Angeles,Chicago,Boston,Seattle,Denver,Austin,Dallas,"
    "Houston,Miami,Atlanta,Portland,San Francisco,San Diego,Toronto,Montreal,Vancouver,"
    "Mexico City,Havana,Lima,Bogota,Quito,Santiago,Buenos Aires,Montevideo,Rio de Janeiro,"
    "Sao Paulo,Sydney,Melbourne,Perth,Brisbane,Auckland,Wellington,Reykjavik,Bergen,Turin,Porto,"
    "Seville,Valencia,Barcelona,Marseille,Lyon,Nice,Bordeaux,Ghent,Bruges,Rotterdam,Utrecht,"
    "Krakow,Gdansk,Riga,Vilnius,Tallinn,Kyiv,Odessa,Minsk,Sofia,Bucharest,Belgrade,Zagreb,Split,"
    "Ljubljana,Bratislava,Budapest,Ankara,Istanbul,Izmir,Beirut,Amman,Dubai,Doha,Muscat,Kabul,"
    "Tashkent,Almaty,Ulaanbaatar,Kathmandu,Dhaka,Colombo,Yangon,Phuket,Singapore,Kuala Lumpur,"
    "Honolulu,Anchorage,Calgary,Winnipeg,Halifax,Leeds,Bristol,Glasgow,Cardiff,Belfast,Cork,"
    "Nantes,Basel,Bern,Graz,Linz,Brno,Kigali,Lusaka,Harare,Maputo,Windhoek,Cape Town"
)

FIRST_NAMES = spaced(
    "Ada Bob Carl Dana Eve Finn Gina Hugo Ida Jack Kira Liam Mona Nina Otto Paul Quinn Rosa Sam "
    "Tina Uma Vera Will Xena Yara Zoe Anna Ben Clara David Emma Felix Grace Henry Irene Jonas "
    "Karin Lukas Maria Noah Olga Peter Rita Simon Tom Ursula Victor Wanda Yusuf Zara Ali Bea Chen "
    "Diego Elif Fatima Goran Hana Ivan Jun Kofi Leila Marco Nadia Omar Priya Ravi Sofia Tariq "
    "Ulla Vlad Wei Ximena Yuki Amara Bruno Celia Darius Esra Farah Gustav Helga Ismail Jana Kenji "
    "Lena Mateo Nora Oscar Petra Rahul Sven Thea Umar Vivian Walter Yasmin Alice Arthur Beth "
    "Caleb Daisy Edgar Fiona George Hazel Isaac Julia Kevin Laura Martin Nancy Oliver Paula "
    "Robert Sarah Teresa Vincent Wendy Aaron Brian Chloe Derek"
)

LANGUAGES = spaced(
    "English French German Spanish Italian Portuguese Dutch Swedish Norwegian Danish Finnish "
    "Polish Czech Greek Turkish Russian Ukrainian Arabic Hebrew Hindi Bengali Tamil Thai "
    "Vietnamese Indonesian Malay Japanese Korean Chinese Swahili Zulu Latin Welsh Irish Basque "
    "Catalan Hungarian Romanian Bulgarian"
)

# Common words of everyday English: nouns, verbs, adjectives, in no order. Values and the topics of
# long answers are made of them.
WORDS = spaced(
    "apple anchor answer arrow artist autumn bag ball bamboo banana basket battery beach bear bed "
    "bell bench berry bike bird blanket blue boat book boot bottle box brave bread breeze brick "
    "bridge bright broom brown brush bucket budget button cabin cable cake camera camp candle "
    "canoe carpet castle cat cello chair chalk cheese cherry chess chicken cinema circle clay "
    "clean clever cliff clock cloud coast coat cobalt coffee cold color comet compass copper "
    "coral corner cotton crane crayon cream cricket crimson crow crystal cup curtain daily dance "
    "dark dawn deep deer desert desk diamond dinner dog door dragon drawer dream drum duck eagle "
    "early earth east echo egg elbow empty engine evening falcon family farm feather fence fern "
    "ferry field fig final fire fish flag flame flat flower flute fog forest fork fossil fox "
    "frame fresh friend frog fruit garden garlic gate gentle giant ginger glacier glass globe "
    "glove goat gold grape grass green grey guitar hammer happy harbor harvest hat hawk heart "
    "heavy hill honey horse hotel house humble ice idea indigo iron island ivory jacket jade jar "
    "jazz jewel journey juice jungle kettle key kind king kitchen kite knife ladder lake lamp "
    "large lark laser late leaf lemon letter library light lily lime linen lion little lizard "
    "local lotus lucky lunch magnet maple marble market mask meadow medal melon mentor metal "
    "meteor middle milk mirror mist mobile modern money monkey moon morning moss mountain mouse "
    "museum music nest night noble north note novel oak oasis ocean office old olive onion opal "
    "open orange orbit orchard organ otter oven owl oyster paint palace palm panda paper park "
    "parrot party pasta path peach pear pearl pencil pepper piano picnic picture pie pigeon pilot "
    "pine pink planet plate plum pocket poem pond pony poppy potato press prism proud puzzle "
    "quartz queen quick quiet quilt rabbit radio rain raven ready red reef report ribbon rice "
    "river road robin rocket roof rose round ruby rug runner saddle sail salad salmon salt sand "
    "satin scarf school sea second secret seed shadow sharp sheep shell ship shirt shoe short "
    "shovel silent silk silver simple singer sister sketch sky slow small smoke smooth snow soap "
    "sock soft soup south spark spice spider spirit spoon spring square squirrel stable star "
    "station steam steel stone storm story strong sugar summer sun swan sweet swift table tall "
    "tea team temple tent thunder ticket tiger timber tiny tomato tower town toy train travel "
    "tree trumpet tulip tunnel turtle umbrella uncle under urban valley vanilla velvet vest "
    "village violet violin voice wagon walnut warm water wave weekly west whale wheat wheel white "
    "wild willow wind window winter wolf wooden wool yacht yellow yoga young zebra zero about "
    "after again before behind between call change check close come every find first follow from "
    "give good great have hello here home hour into just keep know last learn leave line list "
    "long look make many meet meeting minute move name near never new next nice number often only "
    "order other over part people phone place plan play please point project question read "
    "remember review right run same send share side sign start still stop street study tell "
    "thanks that their them then there these thing think this time today together tomorrow "
    "tonight turn update very visit wait walk want week well what when where which while who with "
    "without word work world would write year your the and for not but are was you invoice "
    "delivery schedule server client budget draft final version customer account password urgent "
    "release testing database network printer keyboard monitor battery charger"
)

EMOJI = tuple("😀😂😍🤔😎🎉🔥🌧🌈⭐🍎🍕🍣🍰🐶🐱🐼🦊🚀🚲✈⚽🎸🎲💡📚💬✅❌❤💚👍🙏👩🏠🌍🌙☀⛄🎂")

# Rows of characters: a value in another script is drawn from one of them.
SCRIPTS = (
    "天地人日月山水火木金土上下左右大小中国日本東京北京上海你好世界春夏秋冬花鸟风雨雪電車学校先生食飲茶酒魚肉米",
    "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん",
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン",
    "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호",
    "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИК",
    "αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔΕ",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "अआइईउऊएऐओऔकखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह",
    "éèêëàâäôöûüçñßøåæœÉÀÖÜ",
    "กขคงจชซญดตถทธนบปผพฟมยรลวสหอ",
)
