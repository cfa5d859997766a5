"""Requests: everything one result depends on, one key."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.model_ref import ModelRef
from editor.model.patch import Patch, settings_of

numbers = st.integers(-1000, 1000) | st.floats(-10, 10) | st.booleans() | st.text(max_size=5)
values = (
    numbers | st.lists(numbers, max_size=3) | st.lists(st.lists(numbers, max_size=2), max_size=2)
)
requests = st.builds(
    EditRequest,
    source_digest=st.text("0123456789abcdef", min_size=4, max_size=4),
    selection_digest=st.none() | st.text("01", max_size=3),
    instruction=st.builds(Instruction, st.text(), st.text(), st.text()),
    method=st.sampled_from(["adjust", "sdedit"]),
    method_version=st.integers(1, 3),
    settings=st.dictionaries(st.text(max_size=4), values, max_size=3).map(settings_of),
    seed=st.integers(0, 2**31),
    work_size=st.tuples(st.integers(0, 99), st.integers(0, 99)),
    weights=st.lists(st.text("abc", max_size=3), max_size=2).map(tuple),
    models=st.lists(
        st.builds(ModelRef, *(st.text("abc", max_size=3) for _ in range(4))), max_size=2
    ).map(tuple),
)


@given(requests)
def test_json_round_trip_keeps_request_and_key(request: EditRequest) -> None:
    text = json.dumps(request.to_json())
    again = EditRequest.from_json(json.loads(text))
    assert again == request
    assert again.key == request.key


@given(requests)
def test_every_field_changes_the_key(request: EditRequest) -> None:
    changed = [
        replace(request, source_digest=request.source_digest + "x"),
        replace(request, selection_digest=(request.selection_digest or "") + "x"),
        replace(request, instruction=replace(request.instruction, text="other text")),
        replace(request, method="p2p"),
        replace(request, method_version=9),
        replace(request, settings=(("other", 1),)),
        replace(request, seed=request.seed + 1),
        replace(request, work_size=(100, 100)),
        replace(request, weights=("w",)),
    ]
    keys = {request.key, *(c.key for c in changed)}
    assert len(keys) == 10


@given(requests)
def test_models_are_names_beside_the_key(request: EditRequest) -> None:
    named = replace(request, models=(ModelRef("clip", "my-clip", "open-clip", "12"),))
    assert named.key == replace(request, models=()).key
    values = replace(request, models=()).to_json()
    assert "models" not in values  # what earlier versions wrote is written again unchanged


@pytest.mark.parametrize(
    "values",
    [
        {"role": "clip", "id": "a", "family": "b"},
        {"role": "clip", "id": "a", "family": "b", "digest": 1},
        {"role": "clip", "id": "a" * 2000, "family": "b", "digest": "1"},
        ["clip"],
        None,
    ],
)
def test_what_is_no_reference_to_a_model_is_refused(values: object) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        ModelRef.from_json(values)


def test_candidate_key_is_the_requests_and_records_do_not_count() -> None:
    request = EditRequest("d", None, Instruction("warmer"), "adjust", 1)
    patch = Patch()
    assert Candidate(request, patch).key == request.key
    assert Candidate(request, patch, (("device", "a"),)) == Candidate(request, patch)
