"""Frequency: what robots meet most often is practised most often."""

from __future__ import annotations

import numpy as np

OFTEN = 4.0

COMMON = frozenset(
    """
    mug|drinking glass|tea cup with saucer|wine glass|bowl|plate|bottle|water bottle|sports bottle|
    squeeze bottle|sauce bottle|detergent bottle|pill bottle|jar|tin can|canister|milk carton|juice box|
    food box|cardboard box|box with lid|spray can|spray bottle|soap dispenser|toothpaste tube|lotion tube|
    teapot|kettle|electric kettle|pitcher|watering can|cooking pot|saucepan|frying pan|ladle|spoon|fork|
    table knife|kitchen knife|spatula|bucket|basket|trash can|hammer|mallet|screwdriver|wrench|
    adjustable wrench|pliers|scissors|power drill|hand drill|saw|C-clamp|bar clamp|spring clamp|trowel|
    pruner|axe|paint brush|flashlight|light bulb|pen|stapler|toothbrush|hair dryer|camera|laptop|
    remote control|telephone|computer mouse|headphones|earphones|eyeglasses|lighter|iron|padlock|key|guitar|
    pistol|chair|office chair|armchair|table|round table|desk|table lamp|floor lamp|desk lamp|pendant lamp|
    cabinet|dresser|nightstand|door|door handle|doorknob|loose doorknob|drawer front|faucet|valve|
    lever switch|toilet|microwave|oven|built-in oven|toaster oven|refrigerator|dishwasher|washing machine|tumble dryer|
    cooktop|range hood|fan|pedestal fan|coffee machine|espresso machine|bean to cup machine|water cooler|rice cooker|
    toaster|blender|monitor|television|keyboard|printer|shower set|bathtub|sink|bath mixer|pedal bin|swing bin|safe|
    light switch|power socket|plug|cordless drill|F-clamp|film camera|
    car|motorbike|airliner|propeller plane|fighter jet|rocket|skateboard|handbag|
    backpack|baseball cap|syringe|umbrella|sideboard|TV unit|wardrobe|bookcase|cube shelf|filing cabinet|
    kitchen cabinet|kitchen counter|kitchen|sink cabinet|vanity|wall cabinet|tall cabinet|cabinet door|
    narrow chest of drawers|writing table|workbench|side table|coffee table|slat chair|window|sliding window|
    double door|sliding door|sofa|bed|stool|bench|box sofa|bed frame
    """.replace("\n", "")
    .replace("    ", "")
    .strip()
    .split("|")
)


def chances(kinds: list[str]) -> np.ndarray:
    """How likely each kind is to be drawn."""
    weight = np.array([OFTEN if kind in COMMON else 1.0 for kind in kinds])
    return weight / weight.sum()
