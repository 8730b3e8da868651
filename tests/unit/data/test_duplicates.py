"""Texts that say the same in nearly the same letters are found, and no others."""

import csv
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.data.duplicates import near_duplicate_groups
from sortyard.data.forms import normal_form, plain_form

LAW = settings(max_examples=30, deadline=None)

words = st.sampled_from(["card", "cancel", "my", "order", "refund", "please", "the", "lost"])
sentences = st.lists(words, min_size=1, max_size=8).map(" ".join)


def grouped(*texts: str) -> set[frozenset[str]]:
    groups = near_duplicate_groups(texts).tolist()
    return {
        frozenset(text for text, own in zip(texts, groups, strict=True) if own == group)
        for group in groups
    }


def are_grouped(one: str, other: str) -> bool:
    first, second = near_duplicate_groups([one, other])
    return bool(first == second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cancel my card!", "cancel  my card"),
        ("Order 1234 is late", "Order 77 is late."),
        ("\uff23ancel my card", "Cancel my card"),
        ("STRASSE gesperrt, bitte prüfen", "straße gesperrt, bitte prüfen"),
        ("What ATMs can I use this card at?", "What ATMs can I use this card?"),
        ("How long will my transfer be pending for", "How long will my transfer be pending"),
        ("My top-up is still pending", "My top up is still pending"),
    ],
)
def test_the_same_in_other_words_for_the_machine_is_the_same(one: str, other: str) -> None:
    assert are_grouped(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cancel my card", "cancel my order"),
        ("I lost my card", "I lost my phone"),
        ("open an account", "close an account"),
        ("block card", "unblock card"),
        ("yes", "no"),
        ("!!!", "???"),
        ("👍", "👎"),
        ("where is my refund", "where is my invoice"),
    ],
)
def test_short_texts_that_ask_for_something_else_stay_apart(one: str, other: str) -> None:
    assert not are_grouped(one, other)


@LAW
@given(st.lists(sentences, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_texts_does_not_matter(
    texts: list[str],
    order: random.Random,
) -> None:
    shuffled = list(texts)
    order.shuffle(shuffled)
    assert grouped(*texts) == grouped(*shuffled)


@LAW
@given(st.lists(st.text(max_size=20), max_size=12))
def test_any_texts_at_all_get_a_group_each(texts: list[str]) -> None:
    assert len(near_duplicate_groups(texts)) == len(texts)


@LAW
@given(st.lists(st.text(max_size=20), max_size=12))
def test_one_normal_form_is_one_group(texts: list[str]) -> None:
    groups = near_duplicate_groups(texts).tolist()
    by_form: dict[str, set[int]] = {}
    for text, group in zip(texts, groups, strict=True):
        by_form.setdefault(normal_form(text), set()).add(group)
    assert all(len(held) == 1 for held in by_form.values())


@LAW
@given(st.text(max_size=40))
def test_a_normal_form_is_normal(text: str) -> None:
    assert normal_form(normal_form(text)) == normal_form(text)
    assert plain_form(plain_form(text)) == plain_form(text)


def test_lone_surrogates_and_nul_do_no_harm() -> None:
    assert len(near_duplicate_groups(["\ud800 broken \x00 text", "", " ", "fine"])) == 4


def test_very_long_texts_are_read_at_both_ends() -> None:
    draw = random.Random(1)
    long = " ".join("".join(draw.choices("abcdefgh", k=6)) for _ in range(100_000))
    assert not are_grouped(f"beginning {long}", "beginning")
    assert are_grouped(f"{long} the end", f"{long} the ending")


def test_small_steps_do_not_lead_from_one_thing_to_another() -> None:
    draw = random.Random(1)
    words = ["".join(draw.choices("abcdefgh", k=6)) for _ in range(200)]
    steps = [" ".join(words[at : at + 40]) for at in range(160)]  # one word further each time
    groups = near_duplicate_groups(steps)
    assert groups[0] != groups[-1]
    assert max(Counter(groups.tolist()).values()) < 40


def test_a_crowd_of_copies_is_one_group() -> None:
    crowd = [f"Dear team, the order {at} of customer no {at} is late" for at in range(500)]
    crowd += [
        f"{'Dear' if at % 2 else 'Hello'} team, ticket {chr(97 + at % 26)} was closed, so "
        "there is nothing left for you to do about it"
        for at in range(300)
    ]
    assert len(set(near_duplicate_groups(crowd).tolist())) <= 3


def test_pairs_are_found_as_a_comparison_of_all_with_all_finds_them(shared_data: Path) -> None:
    with (shared_data / "banking77" / "train.csv").open() as file:
        texts = [row["text"] for row in csv.DictReader(file)][:700]
    forms = [normal_form(text) for text in texts]
    runs = [{f" {form} "[at : at + 4] for at in range(len(form) - 1)} for form in forms]
    groups = near_duplicate_groups(texts)
    similar = [
        (one, other)
        for one in range(len(texts))
        for other in range(one)
        if len(runs[one] & runs[other]) >= 0.85 * len(runs[one] | runs[other])
    ]
    assert similar
    assert all(groups[one] == groups[other] for one, other in similar)


def test_a_public_archive_is_mostly_texts_like_no_other(shared_data: Path) -> None:
    with (shared_data / "banking77" / "train.csv").open() as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    sizes = Counter(near_duplicate_groups(texts).tolist())
    assert max(sizes.values()) <= 6
    assert 0.97 < len(sizes) / len(texts) < 0.99
