"""What is known of explaining an AI's call to clinicians: studies, not a number to multiply with.

In none of them was a shorter wait set against an explanation; they compare explanations at one
and the same wait. So what an explanation does to use and to reliance is the user's own assumption,
and these are what it should be held against.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["STUDIES", "Study"]


@dataclass(frozen=True, slots=True)
class Study:
    """One study of clinicians with an explained AI.

    Attributes
    ----------
    who
        Who took part, at what.
    found
        What explaining did there, in plain words.
    towards
        Which of the page's assumptions it speaks to.
    source
        Who, when, where.
    """

    who: str
    found: str
    towards: str
    source: str


STUDIES: tuple[Study, ...] = (
    Study(
        "220 physicians reading chest X-rays",
        "Marks on the image made decisions quicker, and better where the AI was right; people "
        "sided with it sooner whether it was right or wrong.",
        "followed when right; time on the explanation",
        "Prinster et al. (2024), Radiology 313",
    ),
    Study(
        "92 radiologists, 2,760 mammography decisions",
        "They followed right and wrong suggestions alike; more explanation changed little.",
        "followed when wrong",
        "Rezazade Mehrizi et al. (2023), Scientific Reports 13",
    ),
    Study(
        "85 practitioners reading chest X-rays",
        "Explanations in words led to marked over-reliance; images beside them eased it.",
        "followed when wrong",
        "Kayser et al. (2024), arXiv:2410.12284",
    ),
    Study(
        "32 ophthalmologists with diabetic retinopathy",
        "Explanations lengthened decisions and did not make them more accurate.",
        "time on the explanation",
        "Human Factors (2026), doi:10.1177/00187208261443764",
    ),
    Study(
        "32 physicians rating survival from charts",
        "The weight given to the advice did not differ between the explained system and the other.",
        "effect of explaining",
        "Laxar et al. (2023), BMC Medicine 21:359",
    ),
)
