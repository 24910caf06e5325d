"""One page per question; a leading underscore means not a page."""
