"""`rashomon eval`: run the cases, score them again, hold them against the baseline. What is heavy is imported inside."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.commands.console import as_json, print_json, say, write_file

if TYPE_CHECKING:
    from agent.settings import Settings
    from eval.articles import LabelledArticles
    from eval.case import Suite
    from eval.gold import Gold
    from eval.injection.events import Violation
    from eval.report import EvalReport
    from eval.run import Prediction, Result

PASSED, WORSE = 0, 1
READERS = ("extractive", "replayed", "scripted")


def _data(name: str) -> Path:
    return Path(str(resources.files("eval").joinpath("data", name)))


suite_option = click.option(
    "--suite", type=click.Path(path_type=Path, dir_okay=False), help="A file of cases, one JSON object a line [default: the sample's]."
)
articles_option = click.option(
    "--articles", type=click.Path(path_type=Path, file_okay=False), help="The folder of articles that the cases cite [default: the sample]."
)
gold_option = click.option("--gold", type=click.Path(path_type=Path, dir_okay=False), help="Labelled events [default: the sample's].")
replays_option = click.option(
    "--replays", type=click.Path(path_type=Path, file_okay=False), help="The folder of recorded replies [default: the sample's]."
)
readers_option = click.option(
    "--reader", "names", multiple=True, type=click.Choice(READERS), help="Only this reader; may be given several times."
)


@click.group("eval")
def eval_group() -> None:
    """Measure the answers and briefs on labelled coverage."""


@eval_group.command()
@suite_option
@articles_option
@gold_option
@replays_option
@readers_option
@click.option("--case", "case_ids", multiple=True, help="Only this case; may be given several times.")
@click.option("--library", type=click.Path(path_type=Path, file_okay=False), help="Ask this library instead of one that is thrown away.")
@click.option("--results", type=click.Path(path_type=Path, dir_okay=False), help="Keep the results in FILE, and go on from it.")
@as_json
@click.pass_context
def run(
    ctx: click.Context,
    suite: Path | None,
    articles: Path | None,
    gold: Path | None,
    replays: Path | None,
    names: tuple[str, ...],
    case_ids: tuple[str, ...],
    library: Path | None,
    results: Path | None,
    as_json: bool,
) -> None:
    """Ask every case, compare every labelled event, and score both. Ends with 1 if a case does not pass."""
    loaded = _load(suite, articles, gold, case_ids)
    report = _run(loaded, replays or _data("replays"), names or READERS, library, results, _settings(ctx))
    _print(report, as_json)
    raise SystemExit(PASSED if report.clean else WORSE)


@eval_group.command()
@click.argument("results", type=click.Path(path_type=Path, dir_okay=False))
@suite_option
@articles_option
@gold_option
@replays_option
@readers_option
@as_json
def score(
    results: Path,
    suite: Path | None,
    articles: Path | None,
    gold: Path | None,
    replays: Path | None,
    names: tuple[str, ...],
    as_json: bool,
) -> None:
    """Score what `run --results FILE` has kept, without asking anything again."""
    from eval.run import read_results

    loaded = _load(suite, articles, gold, ())
    _, kept, predictions = read_results(results)
    report = _report(loaded, replays or _data("replays"), names or READERS, kept, predictions)
    _print(report, as_json)
    raise SystemExit(PASSED if report.clean else WORSE)


@eval_group.command()
@suite_option
@articles_option
@gold_option
@replays_option
@click.option("--baseline", type=click.Path(path_type=Path, dir_okay=False), help="The baseline [default: the sample's].")
@click.option("--results", type=click.Path(path_type=Path, dir_okay=False), help="Keep the results in FILE, and go on from it.")
@click.option("--update", is_flag=True, help="Keep what this run reached as the baseline. Refuses to go down.")
@as_json
@click.pass_context
def gate(
    ctx: click.Context,
    suite: Path | None,
    articles: Path | None,
    gold: Path | None,
    replays: Path | None,
    baseline: Path | None,
    results: Path | None,
    update: bool,
    as_json: bool,
) -> None:
    """Run everything and compare it with the baseline: 0 passed, 1 worse or a case failed, 2 wrong use, 3 could not run."""
    from eval import gate as gating

    path = baseline or _data("baseline.json")
    loaded = _load(suite, articles, gold, ())
    known = None if update else gating.load_baseline(path)
    if known:
        gating.check_digests(_report(loaded, replays or _data("replays"), (), {}, {}), known)
    report = _run(loaded, replays or _data("replays"), READERS, None, results, _settings(ctx))
    verdict = gating.update(report, path) if known is None else gating.compare(report, known)
    if as_json:
        print_json({"passed": verdict.passed, **asdict(verdict)})
    else:
        for kind, lines in (("worse", verdict.worse), ("failed", verdict.failed), ("note", verdict.notes)):
            for line in lines:
                say(f"{kind}: {line}")
        done = "the baseline is written" if update else "not below the baseline"
        say(done if verdict.passed else "the baseline stays as it is" if update else "below the baseline")
    raise SystemExit(PASSED if verdict.passed else WORSE)


@eval_group.command()
@click.option("--pairs", type=click.Path(path_type=Path, dir_okay=False), help="Sentences with their quotes [default: ours].")
@click.option("--tuning", is_flag=True, help="Show the misjudged sentences of the split for tuning only.")
@as_json
def sentences(pairs: Path | None, tuning: bool, as_json: bool) -> None:
    """Hold the gate against sentences known to be right or wrong. Ends with 1 if it stops or passes too few."""
    from eval.sentences import FLOORS, judge, load_pairs

    path = pairs or _data("gate.jsonl")
    report = judge(load_pairs(path), path.name)
    below = [f"{split}: {name} {share:.3f}, below {FLOORS[split][name]:.2f}" for split, name, share in report.below()]
    if as_json:
        print_json(report.values() | {"below": below})
    else:
        for line in report.markdown(("tuning",) if tuning else ("tuning", "check")):
            say(line)
        for line in below:
            say(f"worse: {line}")
    raise SystemExit(WORSE if below else PASSED)


@eval_group.command()
@click.argument("case_ids", nargs=-1, required=True)
@click.option("--kind", required=True, help="Who writes the replies, for example: a model of such a kind, by hand.")
@suite_option
@articles_option
@replays_option
@click.pass_context
def record(
    ctx: click.Context, case_ids: tuple[str, ...], kind: str, suite: Path | None, articles: Path | None, replays: Path | None
) -> None:
    """Ask the configured model these cases over the sample, and keep its replies for `run`. Needs RASHOMON_MODEL."""
    import httpx2

    from agent.render.answer import answer_lines
    from eval.readers import record as record_case
    from eval.run import sample_library

    settings = _settings(ctx)
    held, cases, _ = _load(suite, articles, None, case_ids)
    with sample_library(held) as library, httpx2.HTTPTransport() as transport:
        for case in cases.cases:
            say(f"> {case.question}")
            for line in answer_lines(record_case(case, library, settings, replays or _data("replays"), kind, transport)):
                say(line)


@eval_group.command()
@click.argument("name")
@click.option("--data", required=True, type=click.Path(path_type=Path, exists=True, file_okay=False), help="The folder of the set.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file of predictions to write.")
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="Keep the set's library here: the next run is quicker.")
@click.pass_context
def bench(ctx: click.Context, name: str, data: Path, out: Path, keep: Path | None) -> None:
    """Write predictions for a public set, for its own scorer. Only the set's input files are read, never its labels."""
    from agent.commands.console import choice
    from eval.benchmarks import NAMES, SEARCHING, adapter

    if name not in NAMES:
        raise click.UsageError(f"no benchmark is called {name}; there are {', '.join(NAMES)}")
    if keep and name not in SEARCHING:
        raise click.UsageError(f"--keep is for the sets that are searched: {', '.join(SEARCHING)}")
    folder = (keep,) if keep else ()
    lines = [json.dumps(prediction, ensure_ascii=False) for prediction in adapter(name)(data, choice(_settings(ctx)), *folder)]
    write_file(out, "\n".join(lines))
    say(f"wrote {len(lines):,} predictions to {out}")


@eval_group.command()
@click.option("--hostile-model", is_flag=True, help="Attack as a model that obeys every instruction, instead of as an article alone.")
@click.option("--every", type=click.IntRange(1), default=1, show_default=True, help="Only every Nth case.")
@as_json
@click.pass_context
def injection(ctx: click.Context, hostile_model: bool, every: int, as_json: bool) -> None:
    """Plant instructions in articles, and look for what comes of them: 600 cases of ours, or 300 with a hostile model.

    Ends with 1 if one of the events is seen that no article may bring about; docs/measured.md names them.
    """
    from agent.commands.console import choice
    from eval.injection.all import run_all

    found, number = run_all(choice(_settings(ctx)).open(), hostile_model=hostile_model, every=every, on_case=_told(as_json))
    if as_json:
        print_json({"cases": number, "violations": [{"case": name, **asdict(one)} for name, one in found]})
    else:
        say(f"{number} cases, {len({name for name, _ in found})} with a violation")
    raise SystemExit(WORSE if found else PASSED)


def _told(as_json: bool) -> Callable[[str, Sequence[Violation]], None]:
    def tell(name: str, found: Sequence[Violation]) -> None:
        for one in found if not as_json else ():
            say(f"{name}: event {one.event} in {one.where}: {one.what}")

    return tell


Loaded = tuple["LabelledArticles", "Suite", "Gold"]


def _settings(ctx: click.Context) -> Settings:
    import os

    from agent.settings import Settings

    return ctx.obj if isinstance(ctx.obj, Settings) else Settings.from_environment(os.environ)


def _load(suite: Path | None, articles: Path | None, gold: Path | None, case_ids: Sequence[str]) -> Loaded:
    """Raises InvalidData before anything is run."""
    from eval.articles import InvalidData, LabelledArticles, sample_folder
    from eval.case import Suite, load_suite
    from eval.gold import Gold, load_gold

    held = LabelledArticles.read(articles or sample_folder())
    cases = load_suite(suite or _data("sample.jsonl"), held)
    unknown = [name for name in case_ids if name not in {case.id for case in cases.cases}]
    if unknown:
        raise InvalidData(f"{cases.name}: no case is called {unknown[0]}")
    if case_ids:
        return held, Suite(cases.name, tuple(case for case in cases.cases if case.id in case_ids)), Gold("none", (), "none")
    # Own articles without own labels: there are no events to compare.
    labelled = gold is not None or articles is None
    return held, cases, load_gold(gold or _data("gold.jsonl"), held) if labelled else Gold("none", (), "none")


def _run(loaded: Loaded, replays: Path, names: Sequence[str], folder: Path | None, kept: Path | None, settings: Settings) -> EvalReport:
    from eval.readers import readers
    from eval.run import ResultsFile, check_holds, header_of, run_events, run_suite, sample_library
    from vectorstore.library import EmbedderChoice, Library

    held, cases, gold = loaded
    asked = readers(tuple(names), replays)
    choice = EmbedderChoice(settings.embedder, settings.runtime, settings.embedder_options)
    with ExitStack() as stack:
        path = kept or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rashomon-eval-"))) / "results.jsonl"
        results = ResultsFile(path, header_of(cases, held))
        library = stack.enter_context(Library.open(folder, choice) if folder else sample_library(held, choice))
        check_holds(library, cases, held)
        run_suite(cases, library, asked, results, _progress(len(asked) * len(cases.cases) - len(results.results)))
        run_events(gold, library, held, results)
    return _report(loaded, replays, names, results.results, results.predictions)


def _report(
    loaded: Loaded,
    replays: Path,
    names: Sequence[str],
    results: Mapping[tuple[str, str], Result],
    predictions: Mapping[str, Prediction],
) -> EvalReport:
    from eval.gate import prompts_digest
    from eval.readers import readers
    from eval.report import make_report
    from eval.run import contrast_scores

    held, cases, gold = loaded
    digests = {"suite": cases.digest, "gold": gold.digest, "articles": held.digest, "prompts": prompts_digest()}
    contrast = contrast_scores(gold, predictions, held) if predictions else ()
    return make_report(cases, results, held, readers(tuple(names), replays), digests, contrast)


def _progress(total: int) -> Callable[[Result], None]:
    """A bar where there is a terminal, nothing where there is none."""
    if not sys.stderr.isatty() or total <= 0:
        return lambda result: None
    from tqdm import tqdm

    bar = tqdm(total=total, unit=" cases", desc="eval")

    def show(result: Result) -> None:
        bar.update(1)

    return show


def _print(report: EvalReport, as_json: bool) -> None:
    if as_json:
        print_json(report.values())
        return
    for line in report.markdown():
        say(line)
