"""Who reads what: the student's answer stands, or the full line's stands in its place."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.domain.predictions import Stage
from sortyard.models import cascade
from sortyard.models.cascade import Depth, Judgement, judge
from sortyard.models.classifier import Classifier
from tests.contracts.tiny_release import tiny_dataset

TEXTS = list(tiny_dataset(60, seed=11).texts)
ODD = ["", "\x00", "\ud800 refund", "Ünï ﷺ", "zzz qqq", "refund " * 300]
TICKETS = st.lists(st.sampled_from([*TEXTS, *ODD]), min_size=1, max_size=8)


def with_leads(classifier: Classifier, lead: float) -> Classifier:
    models = tuple(replace(model, lead=lead) for model in classifier.models)
    return replace(classifier, models=models)


def assert_same(one: Judgement, other: Judgement, *, atol: float = 0.0) -> None:
    np.testing.assert_allclose(one.probabilities, other.probabilities, rtol=0, atol=atol)
    np.testing.assert_allclose(one.novelty, other.novelty, rtol=0, atol=atol)
    np.testing.assert_array_equal(one.read, other.read)
    np.testing.assert_array_equal(one.reranked, other.reranked)


def run(classifier: Classifier, texts: list[str], depth: Depth) -> dict[str, Judgement]:
    return dict(judge(texts, classifier.eyes, classifier.models, depth))


@pytest.mark.parametrize("lead", [0.0, 0.5, 0.95, 2.0])
def test_what_goes_on_gets_the_full_answer_and_the_rest_the_students(
    trained: Classifier, lead: float
) -> None:
    texts, classifier = [*TEXTS, *ODD], with_leads(trained, lead)
    static, full = run(classifier, texts, Depth.STATIC), run(classifier, texts, Depth.FULL)
    for name, found in run(classifier, texts, Depth.CASCADE).items():
        on = found.read
        np.testing.assert_allclose(
            found.probabilities[on], full[name].probabilities[on], rtol=0, atol=1e-5
        )
        np.testing.assert_array_equal(found.probabilities[~on], static[name].probabilities[~on])
        np.testing.assert_array_equal(found.novelty[~on], static[name].novelty[~on])


def test_some_go_on_and_some_do_not(trained: Classifier) -> None:
    read = run(with_leads(trained, 0.5), [*TEXTS, *ODD], Depth.CASCADE)["team"].read
    assert 0 < read.sum() < len(read)


def test_a_text_that_one_dimension_is_unsure_of_is_read_for_all(trained: Classifier) -> None:
    models = [replace(model, lead=0.0) for model in trained.models]
    models[1] = replace(models[1], lead=2.0)
    found = run(replace(trained, models=tuple(models)), TEXTS, Depth.CASCADE)
    assert all(one.read.all() for one in found.values())


def test_at_full_depth_the_encoder_reads_everything(trained: Classifier) -> None:
    found = run(trained, TEXTS, Depth.FULL)
    assert all(one.read.all() and one.stage(0) is Stage.ENCODER for one in found.values())


def test_at_static_depth_it_reads_nothing(trained: Classifier) -> None:
    found = run(with_leads(trained, 2.0), TEXTS, Depth.STATIC)
    assert not any(one.read.any() for one in found.values())


@pytest.mark.parametrize("depth", Depth)
def test_without_an_encoder_the_student_answers_everything(
    trained: Classifier, depth: Depth
) -> None:
    alone = replace(
        trained,
        eyes=replace(trained.eyes, encoder=None, reference=None),
        models=tuple(replace(model, full=None, lead=2.0) for model in trained.models),
    )
    static = run(trained, TEXTS, Depth.STATIC)
    for name, found in run(alone, TEXTS, depth).items():
        assert_same(found, static[name])


def test_a_dimension_without_a_full_line_keeps_its_students_answer(trained: Classifier) -> None:
    models = (replace(trained.models[0], full=None), *trained.models[1:])
    found = run(replace(trained, models=models), TEXTS, Depth.FULL)
    assert_same(found["team"], run(trained, TEXTS, Depth.STATIC)["team"])


@settings(max_examples=30, deadline=None)
@given(TICKETS, st.sampled_from(Depth), st.data())
def test_a_batch_of_one_says_what_the_batch_says(
    trained: Classifier, texts: list[str], depth: Depth, data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, len(texts) - 1))
    together, alone = run(trained, texts, depth), run(trained, [texts[row]], depth)
    for name, found in alone.items():
        whole = together[name]
        part = Judgement(
            whole.probabilities[[row]],
            whole.novelty[[row]],
            whole.read[[row]],
            whole.reranked[[row]],
        )
        assert_same(found, part, atol=1e-4)


@pytest.mark.parametrize("size", [1, 7, 59, 60, 61])
@pytest.mark.parametrize("depth", Depth)
def test_chunks_change_nothing(
    trained: Classifier, depth: Depth, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run(trained, TEXTS, depth)
    monkeypatch.setattr(cascade, "CHUNK", size)
    for name, found in run(trained, TEXTS, depth).items():
        assert_same(found, whole[name], atol=1e-4)


@pytest.mark.parametrize("count", [cascade.CHUNK, cascade.CHUNK + 1])
def test_the_last_row_of_a_chunk_and_the_first_of_the_next_are_theirs(
    trained: Classifier, count: int
) -> None:
    texts = [TEXTS[place % len(TEXTS)] for place in range(count)]
    found = run(trained, texts, Depth.STATIC)["team"]
    np.testing.assert_allclose(found.probabilities[60:120], found.probabilities[:60], atol=1e-5)
    alone = run(trained, texts[-2:], Depth.STATIC)["team"]
    np.testing.assert_allclose(found.probabilities[-2:], alone.probabilities, atol=1e-5)


def test_no_texts_give_no_rows(trained: Classifier) -> None:
    for depth in Depth:
        assert run(trained, [], depth)["team"].probabilities.shape == (0, 4)
