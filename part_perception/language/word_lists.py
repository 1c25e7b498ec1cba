"""Word lists: small closed classes of words that decide how a question is read."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Two of these before a noun still describe one thing: "black and white button".
ADJECTIVES = _words("""
red green blue yellow black white gray grey brown orange pink purple silver golden dark bright
big large small tiny long short thick thin wide narrow round flat square curved straight hollow sharp soft hard
heavy light old new wooden metal plastic rubber steel
""")

# Small words that English does not have; "die" and "van" are things.
OTHER_TONGUES = _words("""
der das den dem ein eine einen und mit von zum zur wo ist
le la les du des une est avec sur ou dans
el los las del una donde esta con por para il lo gli della di che
het een waar och og er
""")

# Their meaning depends on where somebody points.
POINTED_AT = _words("the a an it this that them these those here there something anything everything")
NO_OWNER = POINTED_AT | _words("object thing item one")
WHOLE = _words("part piece whole")
SIDES = _words("left right top bottom front back side inside outside")

# Words of frames, which names may lack.
FRAME_WORDS = _words("""
where what which does have that this these those with from find show tell point locate please could would should
thank thanks need want looking there here part called belongs belonging attached named know
""")

# Words that never name anything, whatever is beside them.
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

# Words that name nothing before other such: "open the lid" asks for the lid, an "open shelf" is a shelf.
DEEDS = _words("""
return output extract crop cut draw paint colour color trace fit compute estimate measure track get bring
put drive move go come reach grab grasp grip hold take touch pick lift carry push press pull turn twist open
close squeeze use approach inspect check clean focus zoom aim select choose mark highlight outline segment
detect identify recognise recognize describe list count name print report send fetch keep watch start stop
make let help concentrate mask box bounding gripper hand arm camera finger fingers
""")

# Relations to what follows: "water in the lid" is not a lid.
WAYS = _words("of on in for with from by between behind under inside to at than or and")

# A phrase that begins like this describes a part by what it does: "thing holding the bulb".
TELLS_OF_IT = _words("thing part piece something stuff place spot")

# "to" names nothing after the first and before the second; in "what to press" it is part of the question.
BEFORE_TO = _words(
    "belong belongs belonging refer refers corresponding correspond corresponds access next close closest"
)
AFTER_TO = _words("know search tell call have be the a an its my your this that see find locate think")
