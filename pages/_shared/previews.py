"""What a pasted link unfurls to: a title and one line per page, never a word from the address."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

from aipm_metrics.scenarios import SCENARIOS

__all__ = ["HOME", "PREVIEWS", "Preview"]

SITE: Final = "aipm-metrics"


@dataclass(frozen=True, slots=True)
class Preview:
    """A page in two breaths: its title, and one line below it."""

    title: str
    line: str

    def tags(self) -> str:
        """Write the head of a page: its title, and what Open Graph readers look for.

        There is no ``og:url`` on purpose: readers take it for the address to go to, and one
        without the knobs would send everybody to the defaults.

        Examples
        --------
        >>> print(Preview("A <b> & c", "Who?").tags().splitlines()[0])
        <title>A &lt;b&gt; &amp; c</title>
        """
        named = {"description": self.line, "twitter:card": "summary"}
        open_graph = {
            "og:type": "website",
            "og:site_name": SITE,
            "og:title": self.title,
            "og:description": self.line,
        }
        return "\n".join(
            [
                f"<title>{escape(self.title)}</title>",
                *(
                    f'<meta name="{name}" content="{escape(told)}" />'
                    for name, told in named.items()
                ),
                *(
                    f'<meta property="{name}" content="{escape(told)}" />'
                    for name, told in open_graph.items()
                ),
            ]
        )


HOME: Final = Preview(
    "What do a model's metrics do to people and money?",
    "Pick a question. Turn the knobs until you understand the tradeoff, say it aloud, and send "
    "it as a link.",
)

COMPARE: Final = Preview(
    "Compare: A or B, which would you defend?",
    "Two answers to one question side by side: who pays for the difference, and what would "
    "turn the choice.",
)

YOUR_DATA: Final = Preview(
    "Your data: what do your own rows say?",
    "Scored rows from a file, a folder or a warehouse: which threshold, for whom, and how sure.",
)

# By path. A page that is no scenario adds its own line.
PREVIEWS: Final = {
    "": HOME,
    "compare": COMPARE,
    "your_data": YOUR_DATA,
    **{s.page: Preview(f"{s.title}: {s.question}", s.line) for s in SCENARIOS},
}
