"""Fields of words: free text, lists of names, one of a few options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.fields.field import Field, Plain


class Text(Field[str]):
    """A line of text. `suggests` says where an editor finds some (`columns`, `file`, `folder`)."""

    def __init__(
        self,
        default: str,
        *,
        suggests: str = "",
        help: str,
        label: str | None = None,
        advanced: bool = False,
    ) -> None:
        super().__init__(default, help=help, label=label, advanced=advanced)
        self.suggests = suggests

    def expects(self) -> str:
        return "text"

    def accepted(self, value: object) -> str:
        if not isinstance(value, str):
            raise ValueError
        return value

    def wrong_examples(self) -> Sequence[object]:
        return (3, None, ["a"])


class Texts(Field[tuple[str, ...]]):
    """A list of names, such as the columns of a table."""

    def __init__(
        self,
        default: Sequence[str] = (),
        *,
        suggests: str = "",
        help: str,
        label: str | None = None,
        advanced: bool = False,
    ) -> None:
        super().__init__(tuple(default), help=help, label=label, advanced=advanced)
        self.suggests = suggests

    def expects(self) -> str:
        return "a list of texts"

    def accepted(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            raise ValueError
        return tuple(value)

    def to_plain(self, value: tuple[str, ...]) -> Plain:
        return list(value)

    def wrong_examples(self) -> Sequence[object]:
        return ("abc", [1], None)


class Choice(Field[str]):
    """One of a few words. `options` maps each word to what a user reads for it."""

    def __init__(
        self,
        default: str,
        options: Mapping[str, str],
        *,
        help: str,
        label: str | None = None,
        advanced: bool = False,
    ) -> None:
        super().__init__(default, help=help, label=label, advanced=advanced)
        self.options = dict(options)

    def expects(self) -> str:
        return "one of " + ", ".join(self.options)

    def accepted(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise ValueError
        return value

    def wrong_examples(self) -> Sequence[object]:
        return ("no such option", 3, None)
