"""Traces read from each kind of source, and refusals in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage
from PIL.PngImagePlugin import PngInfo

from editor.model.trace import Trace, TraceStep
from inference.language.traces.edit_sessions import MAGICBRUSH, read_sessions
from inference.language.traces.errors import BadTraces
from inference.language.traces.generated_pictures import prompt_in_picture, read_pictures
from inference.language.traces.import_traces import SENSITIVITY, import_traces, kind_of
from inference.language.traces.prompt_log import LogEntry, read_log, seconds_of
from inference.language.traces.text_features import WORDS_EPS, TextFeatures, shared_words
from inference.language.traces.trace_file import read_traces, write_traces


def words() -> TextFeatures:
    return TextFeatures("words", shared_words, WORDS_EPS)


LOG = (
    "image_name,prompt,user_name,timestamp\n"
    "1.png,\"a red house,  oil painting\",ab12,2022-08-07 22:57:00+00:00\n"
    "2.png,\"a red house, snow, oil painting\",ab12,2022-08-07 22:58:00+00:00\n"
    "3.png,\"a red house, snow, night, oil painting\",ab12,2022-08-07T23:01:00\n"
    "4.png,,ab12,2022-08-07 23:02:00+00:00\n"
    "5.png,two dogs,cd34,never\n"
)  # fmt: skip


def test_a_table_in_the_form_of_diffusiondb(tmp_path: Path) -> None:
    file = tmp_path / "metadata.csv"
    file.write_text(LOG, "utf-8")
    entries = list(read_log(file))
    assert entries[0] == LogEntry("ab12", "a red house, oil painting", 1659913020.0, "1.png")
    assert entries[2].time == 1659913260.0  # without a zone it is UTC
    assert entries[3] == LogEntry("cd34", "two dogs", None, "5.png")
    found = import_traces(file, words, credit="DiffusionDB, CC0", sensitivity=True)
    assert (found.kind, found.entries, found.features) == ("log", 4, "words")
    assert [step.picture for step in found.traces[0].steps] == ["1.png", "2.png", "3.png"]
    assert found.traces[0].source == "DiffusionDB, CC0"
    assert found.edit_kinds == {"insert": 2}
    assert set(found.sensitivity) == set(SENSITIVITY)
    assert import_traces(file, words, eps=0.01).traces == ()


def test_a_log_as_json_lines(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    file.write_text('{"text": "a", "user": 7, "time": 5}\n\n{"text": " b "}\n', "utf-8")
    assert list(read_log(file)) == [LogEntry("7", "a", 5.0), LogEntry("", "b")]


def test_a_log_may_begin_with_a_mark_or_an_empty_line_and_hold_half_a_character(
    tmp_path: Path,
) -> None:
    file = tmp_path / "log.jsonl"
    file.write_text('\ufeff{"prompt": "cut \\ud83d"}\n', "utf-8")
    found = tuple(read_log(file))
    assert found == (LogEntry("", "cut ?"),)
    write_traces(tmp_path / "t.jsonl", [Trace("1", (TraceStep(found[0].prompt),))])
    assert kind_of(file) == "log"
    file.write_text('\n{"words": "a"}\n', "utf-8")
    with pytest.raises(BadTraces, match="no column"):
        tuple(read_log(file))


def test_columns_may_lie_between_tabs_whatever_the_case_of_the_ending(tmp_path: Path) -> None:
    file = tmp_path / "LOG.TSV"
    file.write_text("prompt\tuser\na, b\tc\n", "utf-8")
    assert tuple(read_log(file)) == (LogEntry("c", "a, b"),)
    file.write_text("x" * 200_000 + "\tprompt\na\tb\n", "utf-8")
    with pytest.raises(BadTraces, match="no table"):
        tuple(read_log(file))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(5, 5.0), ("5.5", 5.5), ("1970-01-01", 0.0), ("1970-01-01 01:00+01:00", 0.0), ("soon", None),
     (None, None), (True, None), ("nan", None), (float("inf"), None), (10**400, None)],
)  # fmt: skip
def test_times(value: object, seconds: float | None) -> None:
    assert seconds_of(value) == seconds


def png(file: Path, **texts: str) -> Path:
    info = PngInfo()
    for name, text in texts.items():
        info.add_text(name.replace("_", "-"), text)
    file.parent.mkdir(exist_ok=True)
    PilImage.fromarray(np.zeros((8, 8, 3), np.uint8)).save(file, pnginfo=info)
    return file


A1111 = "a duck, photo\nNegative prompt: blurry\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1"
COMFY = {
    "3": {"class_type": "KSampler", "inputs": {
        "seed": 1, "steps": 20, "cfg": 7.0, "sampler_name": "euler", "scheduler": "normal",
        "denoise": 1.0, "model": ["4", 0], "positive": ["6", 0], "negative": ["7", 0],
        "latent_image": ["5", 0]}},
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "m.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 8, "height": 8, "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a heron,\ndawn", "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["4", 1]}},
    "9": {"class_type": "SaveImage", "inputs": {"images": ["3", 0]}},
}  # fmt: skip
LINKS = [[1, 4, 0, 3, 0, "MODEL"], [2, 6, 0, 3, 1, "CONDITIONING"], [3, 7, 0, 3, 2, "CONDITIONING"],
         [4, 5, 0, 3, 3, "LATENT"], [5, 3, 0, 9, 0, "LATENT"]]  # fmt: skip
INVOKE = {"positive_prompt": "an owl", "negative_prompt": "blurry", "seed": 1, "scheduler": "euler"}
SWARM = {"sui_image_params": {"prompt": "a wren", "seed": 1}}


def test_prompts_of_generators(tmp_path: Path) -> None:
    assert prompt_in_picture(png(tmp_path / "a.png", parameters=A1111)) == "a duck, photo"
    graph, links = json.dumps(COMFY), json.dumps({"links": LINKS})
    assert prompt_in_picture(png(tmp_path / "c.png", prompt=graph, workflow=links)) == (
        "a heron, dawn"
    )
    assert prompt_in_picture(png(tmp_path / "api.png", prompt=graph)) == "a heron, dawn"
    loop = json.dumps({"1": {"inputs": {"positive": ["1", 0]}}, "2": 5})
    assert prompt_in_picture(png(tmp_path / "loop.png", prompt=loop)) == ""
    invoke = png_raw(tmp_path / "i.png", "invokeai_metadata", json.dumps(INVOKE))
    assert prompt_in_picture(invoke) == "an owl"
    assert prompt_in_picture(png(tmp_path / "s.png", parameters=json.dumps(SWARM))) == "a wren"
    assert prompt_in_picture(png(tmp_path / "plain.png")) == ""
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert prompt_in_picture(tmp_path / "broken.png") == ""


@pytest.mark.parametrize(
    "text",
    ["5", "null", "[1]", '{"links": [1]}', '{"a": 1e999}', "[" * 5000, '{"1": {"inputs": 5}}'],
)
def test_odd_metadata_costs_one_picture_not_the_import(tmp_path: Path, text: str) -> None:
    for name in ("parameters", "prompt", "invokeai_metadata", "sd-metadata", "Comment"):
        assert prompt_in_picture(png_raw(tmp_path / f"{name}.png", name, text)) == ""
    assert prompt_in_picture(png(tmp_path / "w.png", prompt=text, workflow=text)) == ""
    exif = PilImage.Exif()
    exif.get_ifd(0x8769)[0x9286] = 5
    PilImage.fromarray(np.zeros((8, 8, 3), np.uint8)).save(tmp_path / "e.jpg", exif=exif)
    assert prompt_in_picture(tmp_path / "e.jpg") == ""


def png_raw(file: Path, name: str, text: str) -> Path:
    info = PngInfo()
    info.add_text(name, text)
    PilImage.fromarray(np.zeros((8, 8, 3), np.uint8)).save(file, pnginfo=info)
    return file


@pytest.mark.parametrize(("order", "encoding"), [("big", "utf-16-be"), ("little", "utf-16-le")])
def test_swarm_in_the_comment_of_a_jpeg(tmp_path: Path, order: str, encoding: str) -> None:
    picture = PilImage.fromarray(np.zeros((8, 8, 3), np.uint8))
    exif = PilImage.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + json.dumps(SWARM).encode(encoding)
    picture.save(tmp_path / f"{order}.jpg", exif=exif)
    assert prompt_in_picture(tmp_path / f"{order}.jpg") == "a wren"


def test_a_folder_of_pictures(tmp_path: Path) -> None:
    for number, prompt in enumerate(["a duck", "a duck, photo", "a duck, photo, night"]):
        png(tmp_path / "day" / f"{number}.png", parameters=A1111.replace("a duck, photo", prompt))
    png(tmp_path / "day" / "other.png")
    (tmp_path / "notes.txt").write_text("no picture", "utf-8")
    assert [entry.user for entry in read_pictures(tmp_path)] == ["day"] * 3
    found = import_traces(tmp_path, words)
    assert found.kind == "pictures"
    assert [[s.prompt for s in t.steps] for t in found.traces] == [
        ["a duck", "a duck, photo", "a duck, photo, night"]
    ]


def test_prompts_of_real_pictures(shared_data: Path) -> None:
    folder = shared_data / "generation_metadata"
    found = {entry.picture.split("/")[-1]: entry.prompt for entry in read_pictures(folder)}
    assert found["automatic1111_cropped.png"] == "photo of a duck"
    assert found["img2img_cropped.png"].startswith("photograph of victorian woman with wings")
    assert found["invokeai_dream1.png"].startswith("professional full body photo")
    assert found["sdxlturbo_example.png"].startswith("beautiful landscape")
    assert found["lora.png"] == "masterpiece best quality girl"
    assert "empty_file.png" not in found


def test_sessions_of_the_data_set(tmp_path: Path) -> None:
    turns = [
        {"input": "1-input.png", "output": "1-output1.png", "instruction": "add a  hat"},
        {"input": "1-output1.png", "output": "1-output2.png", "instruction": "make it red"},
    ]
    (tmp_path / "edit_sessions.json").write_text(json.dumps({"1": turns}), "utf-8")
    captions = {"1": {"1-input.png": "a cat", "1-output1.png": "a cat in a hat"}}
    (tmp_path / "global_description.json").write_text(json.dumps(captions), "utf-8")
    (trace,) = read_sessions(tmp_path / "edit_sessions.json")
    assert trace.source == MAGICBRUSH
    assert [step.instruction for step in trace.steps] == ["", "add a hat", "make it red"]
    assert [step.caption for step in trace.steps] == ["a cat", "a cat in a hat", ""]
    assert [step.picture for step in trace.steps] == [
        "1-input.png", "1-output1.png", "1-output2.png",
    ]  # fmt: skip


def test_sessions_as_lines(tmp_path: Path) -> None:
    file = tmp_path / "sessions.jsonl"
    file.write_text('{"session": "5", "turns": ["a", "b"]}\n{"session": "6", "turns": ["c"]}\n')
    assert [trace.edit_count for trace in read_sessions(file)] == [2, 1]
    assert [trace.id for trace in read_sessions(file, least=2)] == ["5"]
    rows = [{"session": "5", "turn": k, "instruction": f"do {k}", "input": "i", "output": f"o{k}"}
            for k in (1, 2)]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, rows)))
    (trace,) = read_sessions(file)
    assert [step.picture for step in trace.steps] == ["i", "o1", "o2"]
    file.write_text('{"session": 5, "turns": ["a"]}\n{"session": 6, "turns": ["b"]}\n')
    assert [trace.id for trace in read_sessions(file)] == ["5", "6"]  # ids may be numbers
    file.write_text('{"turns": ["a"]}\n{"turns": ["b"]}\n')
    with pytest.raises(BadTraces, match="no edit sessions"):
        tuple(read_sessions(file))


def test_a_file_of_traces_comes_back(tmp_path: Path) -> None:
    traces = (
        Trace("1", (TraceStep("a"), TraceStep("b", "x", "c", False, "p", 1.5)), "S, CC0"),
        Trace("2", ()),
    )
    file = tmp_path / "t.jsonl"
    assert write_traces(file, traces) == 2
    assert read_traces(file) == traces
    assert import_traces(file, words).traces == traces
    assert [path.name for path in tmp_path.iterdir()] == ["t.jsonl"]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.jsonl", "no json\n", "traces.no_json_line"),
        ("a.jsonl", '{"steps": 5}\n', "traces.bad_line"),
        ("a.jsonl", '{"id": "1", "steps": [{"prompt": 5}]}\n', "traces.bad_line"),
        ("a.jsonl", '{"id": "1", "steps": [{"colour": "red"}]}\n', "traces.bad_line"),
        ("a.jsonl", '{"id": "1", "steps": [{"time": NaN}]}\n', "traces.bad_line"),
        ("a.jsonl", '{"words": "a"}\n', "traces.no_prompts"),
        ("a.jsonl", '{"session": "1"}\n', "traces.no_sessions"),
        ("a.csv", "words\na\n", "traces.no_prompts"),
        ("a.json", "[]", "traces.no_sessions"),
        ("a.parquet", "PAR1", "traces.parquet"),
        ("a.bin", "", "traces.unknown"),
    ],
)
def test_what_is_no_source_is_refused(tmp_path: Path, name: str, text: str, code: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(BadTraces) as caught:
        import_traces(tmp_path / name, words)
    assert caught.value.message.code == code


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTraces):
        kind_of(tmp_path / "none.csv")
