"""What is asked of the cage: a template, the texts wanted of it, and the facts to fill in; and what a look at it finds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches

from jinja2 import meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from templates.render import Broken, environment, filled, guarded
from templates.voice import BLOCKS


@dataclass(frozen=True, slots=True)
class Job:
    """`file` of the `sources` is to be rendered once for each of `facts`, each time the first text of `blocks` that it has.

    With `look` every text is rendered, and names that no fact has are looked for in all branches.
    """

    sources: Mapping[str, str]
    file: str
    blocks: Sequence[str]
    facts: Sequence[Mapping[str, object]]
    look: bool = False

    def as_json(self) -> str:
        """For the way into the cage."""
        return json.dumps(asdict(self), sort_keys=True)


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong with a template; `kind` is an id-like word, `words` a sentence."""

    kind: str
    words: str
    file: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a job: the texts that were made, each with its block's name when looking, and all that is wrong."""

    texts: Sequence[tuple[str, str]] = ()
    wrong: Sequence[Wrong] = field(default_factory=tuple)


def do(job: Job) -> Done:
    """Do it here and now; the template may take as long and as much as it likes, so do it in the cage."""
    env = environment(job.sources)
    try:
        if job.look:
            return _looked(env, job)
        return Done([("", filled(env, job.file, job.blocks, facts)) for facts in job.facts])
    except Broken as broken:
        return Done(wrong=[_wrong(broken)])


def _looked(env: ImmutableSandboxedEnvironment, job: Job) -> Done:
    """All texts with all facts; of each text the first trouble is enough."""
    tree = guarded(job.file, lambda: env.parse(job.sources[job.file], job.file))
    known = {*job.facts[0], *env.globals}
    unknown = sorted(meta.find_undeclared_variables(tree) - known)
    wrong = [Wrong("missing-variable", _no_variable(name, known), job.file) for name in unknown]
    there = [block.name for block in tree.find_all(nodes.Block)]
    wrong += _misplaced(tree, there, job.file)
    texts: list[tuple[str, str]] = []
    for name in there or [""]:
        try:
            texts += [(name, filled(env, job.file, [name], facts)) for facts in job.facts]
        except Broken as broken:
            if not any(broken.words.startswith(repr(name)) for name in unknown):
                wrong.append(_wrong(broken))
    return Done(texts, wrong)


def _no_variable(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"{name!r} is no variable" + (f"; did you mean {close[0]}?" if close else "")


def _misplaced(tree: nodes.Template, there: Sequence[str], file: str) -> list[Wrong]:
    """Texts that would never be shown: of an unknown tone, or outside the blocks of a file that has some."""
    wrong = [Wrong("unknown-tone", f"{name!r} is no text's name: use {', '.join(BLOCKS)}", file) for name in there if name not in BLOCKS]
    outside = "".join(
        part.data for node in tree.body if isinstance(node, nodes.Output) for part in node.nodes if isinstance(part, nodes.TemplateData)
    )
    if there and outside.strip():
        wrong.append(Wrong("outside", "the text outside of its blocks is never shown", file))
    return wrong


def _wrong(broken: Broken) -> Wrong:
    return Wrong(broken.kind, broken.words, broken.file or "", broken.line)
