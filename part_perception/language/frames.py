"""Frames: the phrases around what is asked for. "Could you show me the handle, please?" → "handle"."""

from __future__ import annotations

import re
from collections.abc import Callable

_ARTICLE = "(?:the|teh|an?|this|that|these|those|my|your|its|his|her|our|their)"
_SOME = "(?:all|both|each|every|any|some|another)"
ARTICLES = (
    rf"(?:(?:{_SOME}|one|two|three|four) (?:of )?)?{_ARTICLE} (?:other |same )?"
    rf"|{_SOME} (?:of )?|(?:two|three|four) (?=\w+s$)"
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
    rf"^(?:what|which) {_PIECE} (?:of|on) (?P<owner>(?:{_ARTICLE}) .+?)"
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
_MOST_ROUNDS = 30


def asks_what_it_does(phrase: str) -> bool:
    """Whether a phrase describes a part by its use: "where to pour", "part to hold it by"."""
    return bool(_ASKS.match(phrase))


def unframed(text: str, is_name: Callable[[str], bool]) -> str:
    """The text without its frame. Nothing is removed from a name."""
    for _ in range(_MOST_ROUNDS):
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
