"""Frames: the phrases around what is asked for. "Could you show me the handle, please?" → "handle"

Fillers name nothing: a text with one name among fillers asks for that name. Small closed classes of words
decide how a question is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Two of these before a noun still describe one thing: "black and white button".
ADJECTIVES = _words("""
red green blue yellow black white gray grey brown orange pink purple silver golden dark bright
big large small tiny long short thick thin wide narrow round flat square curved straight hollow sharp soft hard
heavy light old new wooden metal plastic rubber steel
""")

# Small foreign words, except "die" and "van", which are also things in English.
OTHER_TONGUES = _words("""
der das den dem ein eine einen und mit von zum zur wo ist
le la les du des une est avec sur ou dans
el los las del una donde esta con por para il lo gli della di che
het een waar och og er
""")

# Words that depend on where the speaker points.
POINTED_AT = _words("the a an it this that them these those here there something anything everything")
NO_OWNER = POINTED_AT | _words("object thing item one")
WHOLE = _words("part piece whole pair set")
SIDES = _words("left right top bottom front back side inside outside")

# Words of frames, which names may lack.
FRAME_WORDS = _words("""
where what which does have that this these those with from find show tell point locate please could would should
thank thanks need want looking there here part called belongs belonging attached named know
""")

# Words that never name anything, in any context.
FILLERS = _words("""
where what which who whereabouts how many much am is are was be being been may might can could would should
must shall will do does did has have had having got i you we they it its one ones there here now then
exactly actually currently again also once least most maybe perhaps please the a an this that these those
them my your our their any some all each every both only just whole entire complete visible actual same
other another particular nearest closest next first and so ok okay well hey hi hello at of on in for from
with by into onto towards toward around near over about out up off called named known as like something
anything someone somebody anybody everything wonder wondering curious know knows want wants need needs see
seen sees find finds found finding locate located search searching look looks looking show shows showing
shown tell telling give giving say me us him call calls said sits lies position place location coordinates
pose spot area region section pixels points point piece part bit thing object item image picture scene cloud
view robot computer thank thanks if whether think guess suppose believe goal target query moment second time
present interested earth go gone try trying
""")

# Words that name nothing before other fillers: "open the lid" asks for the lid, an "open shelf" is a shelf.
DEEDS = _words("""
return output extract crop cut draw paint colour color trace fit compute estimate measure track get bring
put drive move go come reach grab grasp grip hold take touch pick lift carry push press pull turn twist open
close squeeze use approach inspect check clean focus zoom aim select choose mark highlight outline segment
detect identify recognise recognize describe list count name print report send fetch keep watch start stop
make let help concentrate mask box bounding gripper hand arm camera finger fingers
""")

# Relations to what follows: "water in the lid" is not a lid.
WAYS = _words("of on in for with from by between behind under inside to at than or and")

# Fillers that are things where such a word follows: "can you see" and "can in the box".
THINGS_TOO = _words("arm box camera can computer finger gripper hand robot watch")
PLACED = _words("on in with under behind inside from")

# A phrase that begins like this describes a part by what it does: "thing holding the bulb".
TELLS_OF_IT = _words("thing part piece something stuff place spot")

# "to" is a filler after the first set and before the second; in "what to press" it is part of the question.
BEFORE_TO = _words(
    "belong belongs belonging refer refers corresponding correspond corresponds access next close closest"
)
AFTER_TO = _words("know search tell call have be the a an its my your this that see find locate think")


_ARTICLE = "(?:the|teh|an?|this|that|these|those|my|your|its|his|her|our|their)"
_SOME = "(?:all|both|each|every|any|some|another)"
ARTICLES = (
    rf"(?:(?:{_SOME}|one|two|three|four) (?:of )?)?{_ARTICLE} (?:other |same )?"
    rf"|{_SOME} (?:of )?|(?:two|three|four|[2-9]) (?=\w+s$)"
)
_ASKER = "(?:i|you|we|one|someone|somebody|people|a person|a hand|the robot|a robot)"
_MAY = "(?:should|do|does|did|can|could|must|would|may|might|shall|will|am|are)"
_PIECE = "(?:parts?|pieces?|bits?|regions?|areas?|sections?|components?|things?|ones?)"
_PLACE = "(?:places?|spots?|locations?|positions?|points?)"
_IS = "(?:'s| is| are|'re| was| would be| might be| could be| should be)"
_THING = "(?:objects?|things?|items?|one|picture|image|scene|view|frame|cloud|point cloud|photo)"
_POLITE = "please|thanks|thank you(?: very much| so much)?|if you can|if you could|if possible|cheers"
_FIND = (
    "tell|show|give|get|bring|fetch|hand|pass|find|locate|detect|segment|identify|recogni[sz]e|highlight|mark|select"
    "|point|indicate|look|search|spot|see|know|outline|label|mask"
)
_DO = (
    "pick up|grab|grasp|hold|take|touch|lift|carry|push|press|pull|turn|twist|open|close|squeeze|use|move|reach"
    "|reach for|go to|approach|look at|grip|clean|wipe|check|inspect"
)

# Phrases before the thing: removed, or replaced by what they mean.
_BEFORE: tuple[tuple[str, str], ...] = (
    (r"(?:hey|hi|hello|ok|okay|oh|well|excuse me|sorry|good (?:morning|day))(?: there| robot| computer)?,? ", ""),
    (r"(?:dear )?(?:robot|computer), ", ""),
    (r"(?:please|kindly|just|now|so|then),? ", ""),
    (r"(?:can|could|would|will|may|might) (?:you|i|we)(?: please,?| kindly| just| maybe| perhaps)* ", ""),
    (r"(?:help me|let me|let us|let's|try|go|do me a favou?r)(?: to| and)? (?=\w+ )", ""),
    (r"(?:do you have )?(?:any|some) (?:idea|clue|sign|chance)(?: of)? |got |looking for ", ""),
    (r"do (?:you|we|i) (?=(?:see|know|have|find|spot|recogni[sz]e) )", ""),
    (r"(?:have you|did you|has it|does (?:it|this|that)|do they)(?: seen| see| found| find| got| have)? ", ""),
    (r"(?:i|we)(?: would|'d|'m| am| are)? (?:need|want|like|wish|love|have|must|looking)(?: to| for| you)* ", ""),
    (r"(?:i|we)(?: can't| cannot| cant| can not| could not| couldn't| do not| don't) (?:find|see|spot|locate) ", ""),
    (rf"(?:{_FIND})(?: me| us| out)*(?: to| at| for)? "
     r"(?=(?:the|an?|this|that|my|all|any|where|what|which|how|if|whether) )", ""),
    (r"(?:show|tell|give|get|bring|fetch|find|locate|detect|segment|identify|recogni[sz]e|highlight)(?: me| us)? ", ""),
    (r"(?:point|look|search|looking|searching)(?: me)? (?:to|at|for|out) ", ""),
    (r"see (?=\S+$)|have (?=\S+$)", ""),
    (r"(?:if|whether) (?:there (?:is|are)|it has|you (?:can )?see) ", ""),
    (r"(?:is|are) (?:this|that|these|those|it) (?=the |an? |my )", ""),
    (r"(?:is|are) there |there (?:is|are|should be|must be) ", ""),
    (rf"(?:where|whereabouts|were|wher|whre)(?: exactly)?(?:{_IS}|s)(?: exactly| actually)? (?!it )", ""),
    (rf"where(?: exactly)? {_MAY} {_ASKER} (?:find|see|locate|get|spot|look for) ", ""),
    (rf"(?:what|which)(?:{_IS})? (?:the )?(?:{_PLACE}|pose|coordinates|whereabouts) of ", ""),
    (rf"(?:what|which) {_PIECE}(?: of (?:it|this|that|them|(?:the|this|that) {_THING}))?"
     rf"(?:{_IS}| counts? as| belongs? to| makes? up)(?: called| the one called)? ", ""),
    (r"(?:what|which)(?:'s|s| is| are) (?=(?:the|an?|my|your|its) )", ""),
    (r"(?:the )?(?:location|position|pose|whereabouts) of ", ""),
    (r"(?:all )?(?:the )?points? (?:of|on|in|that belong to|belonging to|from) (?=the |an? )", ""),
    (rf"(?:the |a )?{_PIECE} "
     r"(?:(?:that|which)(?:'s| is| are)(?: called)?|called|named|known as|(?:that )?(?:people|you|we) call) ", ""),
    (rf"(?:{_DO})(?: hold of| onto)? (?=(?:the|an?|this|that|my|its) )", ""),
    (rf"(?:{_DO}|pick)(?: it| this| that| them)?(?: up)? by (?=(?:the|an?|its) )", ""),
    (r"(?:get|take|catch) hold of |(?:the |a )?bounding box (?:of|around|for) ", ""),
    (ARTICLES, ""),
    # Questions about possible actions are normalised to one form.
    (rf"where(?: exactly)? {_MAY} {_ASKER} (?:(?:supposed|able|have|need|best) )?(?:to )?", "where to "),
    (rf"how(?: exactly)? {_MAY} {_ASKER} (?:(?:supposed|able|have|need|best) )?(?:to )?", "how to "),
    (rf"(?:what|which)(?: {_PIECE})? {_MAY} {_ASKER} (?:(?:supposed|able|have|need) )?(?:to )?", "what to "),
    (rf"(?:which|what) {_PIECE} to ", "what to "),
    (rf"(?:which|what) {_PIECE} (?=\w+s )", "what "),
    (rf"(?:the )?(?:best |right |proper )?{_PLACE} (?:where |at which )?{_ASKER}(?: can| should| must)? ", "where to "),
    (rf"(?:the )?(?:best |right |proper )?{_PLACE} (?:to|for) ", "where to "),
    (rf"(?:the )?{_PLACE} where ", "where "),
    (rf"(?:the )?{_PIECE} (?:where|from which|through which|at which) (?:{_ASKER} )?", "where "),
    (rf"(?:the |a )?{_PIECE} (?:that |which )?{_ASKER}(?: can| should| must| have to| need to)? ", "part to "),
    (r"(?:the |a )?(?:things?|bits?|pieces?|components?|something) to ", "part to "),
    (r"(?:the |a )?(?:things?|bits?|pieces?|components?|something) (?:that|which) ", "part that "),
    (r"part which ", "part that "),
)  # fmt: skip

# Phrases after the thing. The second list would cut questions about actions: "what it stands on".
_BEHIND_ALL = (rf",? (?:{_POLITE})$",)
_BEHIND_THINGS = (
    r" (?:that |which )(?:this|it|the (?:object|thing)) has$",
    r",? (?:for me|for us|right now|now|here|there|again|then|exactly|you see|anywhere|somewhere|at all)$",
    rf",? (?:on|of|in|from|at) (?:it|them|here|there|(?:the|this|that) {_THING}|this|that)$",
    r" (?:located|placed|situated|visible|to be found|(?:is|are) (?:located|placed|at|on it)|be)$",
    r" (?:that |which )?(?:you can|i can|can be|is|are) (?:see|seen|visible|found)$",
)
_TURNED = re.compile(
    rf"^(?:where|what|which one) (?P<thing>(?:{ARTICLES}).+?)(?:{_IS})(?: located| at| now| exactly)?$"
)
_PLAIN_PART = re.compile(rf"^(?P<thing>.+) {_PIECE[:-1]}|portions?|thingy)$")
_OF_WHICH = re.compile(
    rf"^(?:(?:what|which) {_PIECE}|where) (?:of|on) (?P<owner>(?:{_ARTICLE}) .+?)"
    rf"(?:{_IS})(?: called)? (?P<thing>(?:{ARTICLES})?.+)$"
)
_OWNER_FIRST = re.compile(rf"^(?:on|of|for|in|from|with) (?P<owner>{_ARTICLE} [^,]+), (?P<thing>.+)$")
_IN_QUESTION_ORDER = re.compile(
    r"^where (?:does|do) (?P<who>.+) (?P<verb>come|go|fit|lie|sit|spray|run|flow|stand|rest)(?P<rest>| .*)$"
)
_ASKS = re.compile(r"^(?:where|what|how|who|which|when|parts? (?:to|that|not|with|where)) ?")
_FRAMES = [(re.compile("^(?:" + pattern + ")"), instead) for pattern, instead in _BEFORE]
_TAILS = [re.compile(pattern) for pattern in _BEHIND_ALL]
_TAILS_OF_THINGS = [re.compile(pattern) for pattern in _BEHIND_THINGS]
_MAX_ROUNDS = 30


def asks_what_it_does(phrase: str) -> bool:
    """Whether a phrase describes a part by its use: "where to pour", "part to hold it by"."""
    return bool(_ASKS.match(phrase))


def unframed(text: str, is_name: Callable[[str], bool]) -> str:
    """The text without its frame. Nothing is removed from a name."""
    for _ in range(_MAX_ROUNDS):
        if not text or is_name(re.sub("[,/]", " ", text)):
            break
        shorter = _shorter(text, is_name)
        if shorter == text:
            break
        text = shorter
    return text


def _shorter(text: str, is_name: Callable[[str], bool]) -> str:
    """Remove one piece of frame, or nothing."""
    if found := _OWNER_FIRST.match(text) or _OF_WHICH.match(text):
        return f"{found['thing']} of {found['owner']}"
    if found := _TURNED.match(text):
        return found["thing"]
    if found := _IN_QUESTION_ORDER.match(text):
        return f"where {found['who']} {found['verb']}{'es' if found['verb'] == 'go' else 's'}{found['rest']}"
    for pattern in _TAILS:
        if found := pattern.search(text):
            return text[: found.start()]
    for pattern, instead in _FRAMES:
        if (found := pattern.match(text)) and (rest := text[found.end() :]):
            return instead + rest
    for pattern in () if asks_what_it_does(text) else _TAILS_OF_THINGS:
        if found := pattern.search(text):
            return text[: found.start()]
    if (found := _PLAIN_PART.match(text)) and is_name(found["thing"]):
        return found["thing"]
    return text


_SAID_LAST = re.compile(
    r"^(?P<before>[^,]+?) (?:to |towards? |about |at )?(?:the|an?|my|your|its|this|that|one|some) (?P<thing>[^,]+)$"
)


def without_fillers(text: str, names_a_thing: Callable[[str], bool]) -> str:
    """The name that a text asks for among fillers or after an action: "pinpoint the lid". Else the text.

    As few fillers as possible are removed from both ends.
    """
    tokens = re.split("[ ,]+", text.strip(" ,"))
    filler = _fillers(tokens)
    first = next((k for k, is_one in enumerate(filler) if not is_one), len(tokens))
    last = next((k for k, is_one in enumerate(filler[::-1]) if not is_one), len(tokens))
    cuts = [(before, behind) for before in range(first + 1) for behind in range(last + 1)]
    for before, behind in sorted(cuts, key=sum)[1:]:
        rest = " ".join(tokens[before : len(tokens) - behind])
        if rest and names_a_thing(rest):
            return rest
    return _said_last(text, names_a_thing) or text


def _said_last(text: str, names_a_thing: Callable[[str], bool]) -> str | None:
    """The name at the end of "steer towards the lid"; None if the words before may name a thing."""
    found = None if asks_what_it_does(text) else _SAID_LAST.match(text)
    if not found or not names_a_thing(found["thing"]):
        return None
    before = found["before"].split()
    about = set(before) - FILLERS - DEEDS
    if before[-1] in WAYS or TELLS_OF_IT & set(before) or any(map(names_a_thing, about)):
        return None
    return found["thing"]


def _fillers(tokens: list[str]) -> list[bool]:
    """The words that are fillers: "to" is one in "move to the" and "to find", but not in "what to press"."""
    out = [False] * len(tokens)
    for k in range(len(tokens) - 1, -1, -1):
        token, behind = tokens[k].removesuffix("'s"), tokens[k + 1] if k + 1 < len(tokens) else ""
        if token == "to":
            out[k] = behind in AFTER_TO or (k > 0 and tokens[k - 1] in BEFORE_TO)
        elif token in DEEDS:
            out[k] = bool(behind) and out[k + 1]
        else:
            out[k] = token in FILLERS or token in BEFORE_TO
    if tokens[0] in THINGS_TOO and tokens[1:] and tokens[1] in PLACED:
        out[0] = False
    return out
