"""Fills in a script: a sandboxed template, one of its texts, every paragraph on one line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from jinja2 import DictLoader, StrictUndefined, Template, TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

MOST = 20_000
"""Characters that a template may make before it is stopped."""

ROUNDS = 1_000
"""The longest range() that a template may ask for."""

T = TypeVar("T")
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_BREAK = re.compile(r"\n\s*\n")


class Broken(Exception):
    """A template that makes no text: `kind` is one id-like word, `words` a sentence, `file` and `line` where, if known."""

    def __init__(self, kind: str, words: str, file: str | None = None, line: int | None = None) -> None:
        super().__init__(words)
        self.kind, self.words, self.file, self.line = kind, words, file, line


class NotKnown(StrictUndefined):
    """A fact that this deal does not have: false in a condition, replaced by `|default(…)`, and never printed as "None"."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]
        """A condition may ask for it."""
        return False


def environment(sources: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    """An environment that knows these templates and nothing else: no files, and of Jinja's functions only a short range()."""
    made = ImmutableSandboxedEnvironment(
        loader=DictLoader(dict(sources)),
        undefined=StrictUndefined,
        autoescape=False,  # plain text to paste, never HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals = {"range": _range}
    return made


def filled(env: ImmutableSandboxedEnvironment, file: str, blocks: Sequence[str], known: Mapping[str, object]) -> str:
    """The first of the `blocks` that the template has, or all of a template without any. Raises Broken."""
    text = guarded(file, lambda: _joined(_pieces(env.get_template(file), blocks, _facts(known))))
    if not text:
        raise Broken("empty", "it makes no text", file)
    return text


def guarded(file: str, make: Callable[[], T]) -> T:
    """What `make` makes of a template, its troubles as Broken."""
    try:
        return make()
    except TemplateSyntaxError as wrong:
        raise Broken("syntax", f"{_sentence(wrong)}", wrong.name or file, wrong.lineno) from None
    except TemplateNotFound as wrong:
        raise Broken("no-such-file", f"there is no {str(wrong)[:120]!r} to include", *_where(wrong, file)) from None
    except UndefinedError as wrong:
        raise Broken("missing-variable", _sentence(wrong), *_where(wrong, file)) from None
    except RecursionError:
        raise Broken("endless", "it includes or calls itself without end, or nests too deeply", file) from None
    except MemoryError:
        raise Broken("too-large", "it needs too much memory", file) from None
    except Broken as broken:
        raise Broken(broken.kind, broken.words, *_where(broken, file)) from None
    except Exception as wrong:  # noqa: BLE001 - whatever a template does wrong, the next one is tried
        raise Broken("fails", f"it fails: {_sentence(wrong)}", *_where(wrong, file)) from None


def _facts(known: Mapping[str, object]) -> dict[str, object]:
    return {name: _not_known(name) if value is None else value for name, value in known.items()}


def _not_known(name: str) -> NotKnown:
    return NotKnown(f"{name} is not known in every deal: write {{% if {name} %}}…{{% endif %}} around it, or {{{{ {name}|default('…') }}}}")


def _pieces(template: Template, blocks: Sequence[str], known: dict[str, Any]) -> Iterable[str]:
    if not template.blocks:
        return template.root_render_func(template.new_context(known))
    for name in blocks:
        if name in template.blocks:
            return template.blocks[name](template.new_context(known))
    raise Broken("no-such-tone", f"it has no text called {' or '.join(blocks)}")


def _joined(pieces: Iterable[str]) -> str:
    made, length = [], 0
    for piece in pieces:
        made.append(piece)
        length += len(piece)
        if length > MOST:
            raise Broken("too-large", f"it makes more than {MOST:,} characters")
    text = _UNSEEN.sub("", "".join(made))
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in _BREAK.split(text) if paragraph.strip())


def _range(*ends: int) -> range:
    rounds = range(*ends)
    if len(rounds) > ROUNDS:
        raise Broken("too-large", f"range() may have {ROUNDS:,} numbers at most")
    return rounds


def _sentence(wrong: Exception) -> str:
    return " ".join(str(wrong).split())[:300].rstrip(".") or type(wrong).__name__


def _where(wrong: BaseException, file: str) -> tuple[str, int | None]:
    name, line = _place(wrong)
    return name or file, line


def _place(wrong: BaseException) -> tuple[str | None, int | None]:
    """The template and its line where it went wrong; Jinja's compiled code knows which lines it came from."""
    name, line, trace = None, None, wrong.__traceback__
    while trace is not None:
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        if isinstance(template, Template):
            name, line = template.name, template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return name, line
