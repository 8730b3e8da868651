"""The command `sortyard tune-lm`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from sortyard.cli.options import AsJson, Labels, Seed, TestFile, Texts, WorkspaceFolder
from sortyard.cli.output import answer_no, note, print_json, print_line, share, table, wrapped
from sortyard.cli.progress import showing_progress

if TYPE_CHECKING:  # so that `--help` does not wait for PyTorch
    from sortyard.training.tuning.causal.tuner import TunedLanguageModel

BaseFolder: TypeAlias = Annotated[
    Path, typer.Option("--base", metavar="DIR", help="A causal language model, as published.")
]
TargetFolder: TypeAlias = Annotated[
    Path, typer.Option("--out", "-o", metavar="DIR", help="Where to write it.")
]
Dimension: TypeAlias = Annotated[
    str | None,
    typer.Option("--dimension", metavar="NAME", help="What to learn; else the only one."),
]
Epochs: TypeAlias = Annotated[
    float | None, typer.Option("--epochs", metavar="N", help="How often to go over the rows.")
]
Rate: TypeAlias = Annotated[
    float | None, typer.Option("--rate", metavar="X", help="How far a step goes.")
]
Rank: TypeAlias = Annotated[
    int | None, typer.Option("--rank", metavar="N", help="How much an adapter can hold.")
]


def tune_lm_command(
    archive: Annotated[Path, typer.Argument(metavar="ARCHIVE", help="Labelled messages.")],
    *,
    base: BaseFolder,
    out: TargetFolder,
    dimension: Dimension = None,
    text: Texts = None,
    label: Labels = None,
    test: TestFile = None,
    epochs: Epochs = None,
    rate: Rate = None,
    rank: Rank = None,
    seed: Seed = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Tune a small language model to spell the label of a message (LoRA).

    Writes the adapter, the merged model, a calibration on held-out messages and
    files for vLLM and Ollama. Downloads nothing. Exits with 1 where it answers
    fewer messages right than something simple does.
    """
    from sortyard.app.language_models import tune_in
    from sortyard.training.tuning.causal.options import CausalTuning

    asked = {"epochs": epochs, "rate": rate, "rank": rank}
    if rank is not None:
        asked["alpha"] = 2 * rank
    options = CausalTuning.from_dict({k: one for k, one in asked.items() if one is not None})
    with showing_progress() as progress:
        tuned = tune_in(
            archive,
            base,
            out,
            dimension=dimension,
            test=test,
            options=options,
            given={
                "text": tuple(text) if text else None,
                "label": tuple(label) if label else None,
                "seed": seed,
            },
            folder=workspace,
            progress=progress,
        )
    if as_json:
        print_json({"folder": tuned.folder, **tuned.facts})
    else:
        _tell(tuned)
    if not tuned.figures.beats_baseline:
        raise answer_no()


def _tell(tuned: "TunedLanguageModel") -> None:
    figures, facts = tuned.figures, tuned.facts
    for remark in tuned.notes:
        note(wrapped(remark, indent=2))
    low, high = figures.accuracy_interval
    rows = [
        ("accuracy", f"{share(figures.accuracy)} ({share(low)} to {share(high)})"),
        (f"{facts['baseline']}", share(figures.baseline)),
        ("macro F1", f"{figures.macro_f1:.3f}"),
        ("true label among five", share(figures.recall_at_5)),
        ("calibration error", f"{figures.ece:.3f} (noise {figures.ece_noise:.3f})"),
        ("labels in another order", f"{share(facts['order_stability'])} answered the same"),
        ("messages a second", f"{facts['messages_per_second']:.1f} ({facts['device']})"),
    ]
    print_line(f"{facts['base']} spells {facts['dimension']!r}: {facts['labels']} labels")
    print_line(table([(name, value) for name, value in rows], indent=2))
    print_line(wrapped(f"Tested on {figures.rows:,} messages that it has not seen."))
    if not figures.beats_baseline:
        print_line(wrapped("Something simple answers more of them right: do not use it."))
    print_line(f"next: {tuned.folder / 'README.md'}")
