"""Words that tell what a column is, and answers in words with their place on a scale: English, German, Swedish, Norwegian, Danish, Finnish."""

import re
from collections.abc import Mapping

RECOMMEND = re.compile(r"recommend|\bnps\b|promoter|rekommend|anbefal|suosittel|weiterempfehl|empfehlen", re.IGNORECASE)
EMPLOYER = re.compile(r"\benps\b|employer|place to work|arbetsgivare|arbetsplats|arbeidsgiver|arbeidsplass|arbejdsgiver|arbejdsplads|työnantaja|työpaik|arbeitgeber|colleague|coworker", re.IGNORECASE)  # fmt: skip
WORKPLACE = re.compile(r"\b(your|previous|my|din|ditt|jouw|ihr) (direct |previous |current |nuvarande |nåværende )?(employer|coworker|co-worker|colleague|supervisor|manager|arbetsgivare|kolleg|chef|arbeidsgiver|leder|arbejdsgiver|arbeitgeber|vorgesetzt)|työnantajas|esimiehes|esihenkilös", re.IGNORECASE)  # fmt: skip
EFFORT = re.compile(r"effort|\bces\b|\beas(y|ily|ier)\b|ansträng|lätt|enkelt|enkel|innsats|indsats|\blet\b|\blett\b|vaiva|helppo|vaivat|aufwand|mühe|einfach", re.IGNORECASE)  # fmt: skip
BURDEN = re.compile(r"how much effort|effort did|ansträngning|hur mycket möda|innsats|indsats|vaivannäkö|aufwand|mühe", re.IGNORECASE)
SATISFIED = re.compile(r"satisf|csat|happy with|nöjd|fornøyd|tilfreds|tyytyväi|zufrieden", re.IGNORECASE)
STARS = re.compile(
    r"\bstars?\b|\brat(ing|ed?)\b|\breview|betyg|stjärn|stjern|karakter|vurder|tähde|tähti|arvosana|arvio|bewertung|sterne", re.IGNORECASE
)
SCORE = re.compile(r"score|skala|scale|poäng|points?\b|puntuación|pistee|punkte|slider", re.IGNORECASE)
GOAL = re.compile(r"did you (manage|succeed|achieve|complete|find|solve|get|reach)|able to (complete|find|solve|do)|resolved|solved|goal|lyckades|löst|hittade du|uppnå|klarte du|løst|fant du|lykkedes|fandt du|onnistu|ratke|löysit|gelöst|gefunden|erreicht|geschafft", re.IGNORECASE)  # fmt: skip
TEXTUAL = re.compile(
    r"comment|free.?text|verbatim|description|\bbody\b|message|feedback|\breason|explain|describe|\bwhy\b|briefly|suggestion|anything else|_text$|note(s|ring)?\b"
    r"|kommentar|fritext|fritekst|beskriv|motiver|varför|hvorfor|begrunn|begrund|vapaa|miksi|kuvaile|palaute|warum|beschreib|anmerkung|\breview(text)?$",
    re.IGNORECASE,
)
NUMBERS = re.compile(
    r"\bage\b|^(?!.*satisf).*\bindex$|\byears?\b|minutes?|seconds?|hours?|\bdays?\b|duration|delay|distance|amount|price|revenue|salary|income|cost|\bsum\b|count|number of|quantity|\bqty\b|progress|percent"
    r"|latitude|longitude|\bwidth\b|\bheight\b|order_?no|version|position|tenure|ålder|alder|\bikä\b|alter\b|belopp|antal|antall|lukumäärä|anzahl|dauer|\bpostal|\bzip\b",
    re.IGNORECASE,
)
AGREED_DIMENSIONS: Mapping[str, re.Pattern[str]] = {
    "market": re.compile(
        r"(customer |home |what )?(market|country|land|maa|marked|marknad|markt|countrycode|country code|market code)\b.*", re.IGNORECASE
    ),
    "channel": re.compile(r"(via|channel|kanal|kanava|via channel|distribution ?channel|contact channel|source channel|origin)", re.IGNORECASE),
    "segment": re.compile(
        r"((customer|market) ?)?(segment|kundsegment|customer type|kundtyp|kundetype|customer group|tier|asiakasryhmä|kundengruppe)", re.IGNORECASE
    ),
    "product": re.compile(
        r"(product|produkt|tuote|tuotteen nimi|plan|product (line|name|type)|produktnamn|subscription|abonnemang|article|model)", re.IGNORECASE
    ),
    "journey": re.compile(r"(journey|resa|kundresa|kunderejse|kundereise|errand|ärende(typ)?)", re.IGNORECASE),
    "touchpoint": re.compile(r"(touch ?point|kontaktpunkt|kosketuspiste|stage)", re.IGNORECASE),
    "unit": re.compile(
        r"(unit|department|division( name)?|department name|team|group|avdelning|avdeling|afdeling|osasto|abteilung|store|butik|butikk|filial|branch|office|brand)",
        re.IGNORECASE,
    ),
}
LANGUAGE = re.compile(r"(user ?)?(language|lang|locale|språk|sprog|kieli|sprache)( code)?|language ?code|startlanguage", re.IGNORECASE)
KIND = re.compile(r"(ticket |case |contact )?(type|kind|category|ärendetyp|typ|kategori|tyyppi|art)", re.IGNORECASE)
KIND_WORDS: Mapping[str, str] = {
    "problem": "complaint", "incident": "complaint", "complaint": "complaint", "klagomål": "complaint", "klage": "complaint", "reklamation": "complaint",
    "valitus": "complaint", "beschwerde": "complaint", "question": "question", "fråga": "question", "spørsmål": "question", "spørgsmål": "question",
    "kysymys": "question", "frage": "question", "task": "request", "request": "request", "retur": "return", "return": "return", "palautus": "return",
    "rückgabe": "return", "praise": "praise", "beröm": "praise", "ros": "praise", "kehu": "praise", "lob": "praise", "cancellation": "cancellation",
    "uppsägning": "cancellation", "oppsigelse": "cancellation", "opsigelse": "cancellation", "irtisanominen": "cancellation", "kündigung": "cancellation",
    "call": "call", "samtal": "call", "chat": "chat", "survey": "survey", "review": "review", "idea": "idea", "idé": "idea", "suggestion": "idea",
}  # fmt: skip
WHICH = re.compile(r"^(which|what|who|where|when|vilken|vilket|vad|hvilken|hvad|hva|mikä|mitkä|welche|was|wann)\b", re.IGNORECASE)
RANK = re.compile(r"\brank(ing)?\b|rangordna|ranger\b|prioriter|järjestykseen|rangfolge", re.IGNORECASE)
OVERALL = re.compile(r"(overall |customer |total )?(satisfaction|csat|nöjdhet|tilfredshet|tilfredshed|tyytyväisyys|zufriedenheit)", re.IGNORECASE)
HEADLINE = re.compile(r"title|subject|headline|rubrik|otsikko|emne|betreff", re.IGNORECASE)
COMMITTED = re.compile(r"(birth|gender|sex\b|age\b|kön|kjønn|køn|sukupuoli|geschlecht|education|income|race|marital|class\b|type\b|status\b|region|state\b|priority|tags?\b|progress|finished|duration|response type)", re.IGNORECASE)  # fmt: skip

YES = frozenset(["yes", "ja", "joo", "kyllä", "true", "y", "j", "1", "sant"])
NO = frozenset(["no", "nej", "nei", "ei", "nein", "false", "n", "0", "falskt"])
PARTLY = frozenset(("partly", "partially", "somewhat", "in part", "delvis", "osittain", "teilweise", "zum teil"))
NO_ANSWER = re.compile(
    r"n/?a\b|.*\(n/a\)|not applicable.*|don'?t know|do not know|i don'?t know|no (answer|opinion)|prefer not to (say|answer)|not sure|unfamiliar.*|keine angabe|weiß nicht"
    r"|vet (ej|inte|ikke)|ved ikke|ej (aktuellt|relevant|tillämpligt)|ikke (aktuelt|relevant)|ingen (åsikt|mening|svar)|vill ej svara|en osaa sanoa|ei koske minua|-|–|\?|null|none",
    re.IGNORECASE,
)

Levels = tuple[str, str, str, str, str]
FAMILIES: Mapping[str, Mapping[str, Levels]] = {
    "satisfaction": {
        "en": ("very dissatisfied|very unsatisfied|extremely dissatisfied|completely dissatisfied|very unhappy", "dissatisfied|somewhat dissatisfied|unsatisfied|fairly dissatisfied|unhappy", "neutral|neither satisfied nor dissatisfied|neither nor|neither", "satisfied|somewhat satisfied|fairly satisfied|happy", "very satisfied|extremely satisfied|completely satisfied|very happy"),
        "de": ("sehr unzufrieden", "unzufrieden|eher unzufrieden", "neutral|weder noch|teils teils|weder zufrieden noch unzufrieden", "zufrieden|eher zufrieden", "sehr zufrieden"),
        "sv": ("mycket missnöjd|väldigt missnöjd", "missnöjd|ganska missnöjd", "varken eller|varken nöjd eller missnöjd|neutral", "nöjd|ganska nöjd", "mycket nöjd|väldigt nöjd"),
        "nb": ("svært misfornøyd|veldig misfornøyd|meget misfornøyd", "misfornøyd|ganske misfornøyd", "verken eller|verken fornøyd eller misfornøyd|nøytral", "fornøyd|ganske fornøyd", "svært fornøyd|veldig fornøyd|meget fornøyd"),
        "da": ("meget utilfreds", "utilfreds", "hverken eller|hverken tilfreds eller utilfreds|neutral", "tilfreds", "meget tilfreds"),
        "fi": ("erittäin tyytymätön", "tyytymätön|melko tyytymätön", "en tyytyväinen enkä tyytymätön|neutraali", "tyytyväinen|melko tyytyväinen", "erittäin tyytyväinen"),
    },
    "agreement": {
        "en": ("strongly disagree|completely disagree|totally disagree", "disagree|somewhat disagree|tend to disagree|slightly disagree", "neutral|neither agree nor disagree|neither|undecided", "agree|somewhat agree|tend to agree|slightly agree", "strongly agree|completely agree|totally agree"),
        "de": ("stimme gar nicht zu|stimme überhaupt nicht zu|trifft gar nicht zu|trifft überhaupt nicht zu|stimme nicht zu", "stimme eher nicht zu|trifft eher nicht zu", "teils teils|neutral|weder noch|teils/teils", "stimme eher zu|trifft eher zu|stimme zu", "stimme vollständig zu|stimme voll zu|stimme voll und ganz zu|trifft voll zu|trifft voll und ganz zu|stimme völlig zu"),
        "sv": ("instämmer inte alls|håller inte alls med|stämmer inte alls", "instämmer inte|instämmer i låg grad|håller inte med|stämmer dåligt", "varken eller|neutral", "instämmer|instämmer delvis|håller med|stämmer ganska bra", "instämmer helt|håller helt med|stämmer helt|instämmer helt och hållet"),
        "nb": ("helt uenig|svært uenig", "uenig|litt uenig|delvis uenig", "verken eller|verken enig eller uenig|nøytral", "enig|litt enig|delvis enig", "helt enig|svært enig"),
        "da": ("meget uenig|helt uenig", "uenig|delvist uenig", "hverken eller|hverken enig eller uenig|neutral", "enig|delvist enig", "meget enig|helt enig"),
        "fi": ("täysin eri mieltä", "eri mieltä|jokseenkin eri mieltä", "en samaa enkä eri mieltä|neutraali", "samaa mieltä|jokseenkin samaa mieltä", "täysin samaa mieltä"),
    },
    "favour": {
        "en": ("very unfavorably|very unfavourably|very unfavorable|very unfavourable", "somewhat unfavorably|somewhat unfavourably|somewhat unfavorable|unfavorable|unfavourable", "neither favorably nor unfavorably (neutral)|neither favorably nor unfavorably|neutral", "somewhat favorably|somewhat favourably|somewhat favorable|favorable|favourable", "very favorably|very favourably|very favorable|very favourable"),
    },
    "quality": {
        "en": ("very poor|very bad|terrible|awful", "poor|bad", "fair|average|ok|okay|acceptable|neutral", "good", "excellent|very good|great"),
        "de": ("sehr schlecht", "schlecht", "mittelmäßig|mittel|befriedigend|neutral", "gut", "sehr gut|ausgezeichnet"),
        "sv": ("mycket dåligt|mycket dålig", "dåligt|dålig", "varken bra eller dåligt|varken eller|okej|ok", "bra|ganska bra", "mycket bra|utmärkt"),
        "nb": ("svært dårlig|veldig dårlig", "dårlig", "middels|verken bra eller dårlig|ok", "bra|god", "svært bra|veldig bra|svært god|utmerket"),
        "da": ("meget dårlig|meget dårligt", "dårlig|dårligt", "middel|hverken god eller dårlig|ok", "god|godt", "meget god|meget godt|fremragende"),
        "fi": ("erittäin huono", "huono", "kohtalainen|keskinkertainen|ok", "hyvä", "erittäin hyvä|erinomainen"),
    },
    "ease": {
        "en": ("very difficult|very hard|extremely difficult", "difficult|somewhat difficult|hard", "neither easy nor difficult|neutral|neither", "easy|somewhat easy|fairly easy", "very easy|extremely easy"),
        "de": ("sehr schwierig|sehr schwer", "schwierig|schwer|eher schwierig", "weder noch|neutral", "einfach|leicht|eher einfach", "sehr einfach|sehr leicht"),
        "sv": ("mycket svårt", "svårt|ganska svårt", "varken lätt eller svårt|varken eller", "lätt|enkelt|ganska lätt", "mycket lätt|mycket enkelt"),
        "nb": ("svært vanskelig|veldig vanskelig", "vanskelig|ganske vanskelig", "verken lett eller vanskelig|verken eller", "lett|enkelt|ganske lett", "svært lett|veldig lett|svært enkelt"),
        "da": ("meget svært|meget vanskeligt", "svært|vanskeligt", "hverken let eller svært|hverken eller", "let|nemt", "meget let|meget nemt"),
        "fi": ("erittäin vaikea|erittäin vaikeaa", "vaikea|vaikeaa", "ei helppo eikä vaikea|ei helppoa eikä vaikeaa", "helppo|helppoa", "erittäin helppo|erittäin helppoa"),
    },
    "frequency": {
        "en": ("never", "rarely|seldom", "sometimes|occasionally", "often|frequently", "always|very often"),
        "de": ("gar nicht|nie|niemals", "selten|eher selten", "manchmal|gelegentlich", "häufig|eher häufig|oft", "sehr häufig|immer|sehr oft"),
        "sv": ("aldrig", "sällan", "ibland", "ofta", "alltid|mycket ofta"),
        "nb": ("aldri", "sjelden", "av og til|noen ganger", "ofte", "alltid|svært ofte"),
        "da": ("aldrig", "sjældent", "nogle gange|af og til", "ofte", "altid|meget ofte"),
        "fi": ("ei koskaan|en koskaan", "harvoin", "joskus", "usein", "aina|erittäin usein"),
    },
    "likelihood": {
        "en": ("very unlikely|extremely unlikely|not at all likely", "unlikely|somewhat unlikely", "neutral|neither likely nor unlikely", "likely|somewhat likely", "very likely|extremely likely"),
        "de": ("sehr unwahrscheinlich", "unwahrscheinlich|eher unwahrscheinlich", "neutral|weder noch", "wahrscheinlich|eher wahrscheinlich", "sehr wahrscheinlich"),
        "sv": ("mycket osannolikt", "osannolikt", "varken eller", "sannolikt", "mycket sannolikt"),
        "nb": ("svært lite sannsynlig|svært usannsynlig", "lite sannsynlig|usannsynlig", "verken eller", "sannsynlig", "svært sannsynlig"),
        "da": ("meget usandsynligt", "usandsynligt", "hverken eller", "sandsynligt", "meget sandsynligt"),
        "fi": ("erittäin epätodennäköistä", "epätodennäköistä", "neutraali", "todennäköistä", "erittäin todennäköistä"),
    },
    "importance": {
        "en": ("not at all important|not important|unimportant", "slightly important|of little importance", "moderately important|neutral", "important", "very important|extremely important"),
        "de": ("gar nicht wichtig|unwichtig", "eher unwichtig|wenig wichtig", "neutral|mittel", "wichtig|eher wichtig", "sehr wichtig"),
        "sv": ("inte alls viktigt|oviktigt", "mindre viktigt", "varken eller", "viktigt|ganska viktigt", "mycket viktigt"),
        "nb": ("ikke viktig|helt uviktig", "mindre viktig|lite viktig", "verken eller", "viktig", "svært viktig"),
        "da": ("slet ikke vigtigt|ikke vigtigt", "mindre vigtigt", "hverken eller", "vigtigt", "meget vigtigt"),
        "fi": ("ei lainkaan tärkeä", "vähän tärkeä", "neutraali", "tärkeä", "erittäin tärkeä"),
    },
}  # fmt: skip
# ruff: noqa: E501
