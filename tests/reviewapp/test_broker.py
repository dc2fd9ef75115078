import os
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from reviewapp import broker

WRITERS = 3
READERS = 3
EACH = 150


def write_many(folder: Path, writer: int) -> None:
    for number in range(EACH):
        broker.put_message(folder, "celery", {"writer": writer, "number": number})


def read_many(folder: Path) -> list[tuple[int, int]]:
    taken = []
    idle_until = time.monotonic() + 3
    while time.monotonic() < idle_until:
        try:
            message = broker.take_message(folder, "celery")
        except Empty:
            time.sleep(0.002)
            continue
        taken.append((message["writer"], message["number"]))
        idle_until = time.monotonic() + 0.5
    return taken


def test_nothing_is_lost_or_doubled_between_processes(tmp_path: Path) -> None:
    context = get_context("spawn")
    with context.Pool(WRITERS + READERS) as pool:
        readers = [pool.apply_async(read_many, (tmp_path,)) for _ in range(READERS)]
        writers = [pool.apply_async(write_many, (tmp_path, n)) for n in range(WRITERS)]
        for writer in writers:
            writer.get(timeout=60)
        taken = [pair for reader in readers for pair in reader.get(timeout=60)]
    assert sorted(taken) == [(w, n) for w in range(WRITERS) for n in range(EACH)]


def test_messages_come_out_in_the_order_they_went_in(tmp_path: Path) -> None:
    for number in range(20):
        broker.put_message(tmp_path, "celery", {"number": number})
    assert [broker.take_message(tmp_path, "celery")["number"] for _ in range(20)] == [*range(20)]


def test_a_message_goes_to_its_own_queue(tmp_path: Path) -> None:
    broker.put_message(tmp_path, "celery", {})
    with pytest.raises(Empty):
        broker.take_message(tmp_path, "other")
    assert broker.take_message(tmp_path, "celery") == {}


def test_a_half_written_message_is_not_seen(tmp_path: Path) -> None:
    (tmp_path / ".00001_x.celery.msg.tmp").write_text('{"half"')
    with pytest.raises(Empty):
        broker.take_message(tmp_path, "celery")


def test_a_damaged_message_is_set_aside_and_the_next_one_is_taken(tmp_path: Path) -> None:
    (tmp_path / "00001_x.celery.msg").write_text("no json")
    broker.put_message(tmp_path, "celery", {"number": 1})
    assert broker.take_message(tmp_path, "celery") == {"number": 1}
    assert [file.name for file in tmp_path.iterdir()] == [".00001_x.celery.msg.taken"]


def test_only_old_leftovers_are_removed(tmp_path: Path) -> None:
    old, new = tmp_path / ".old.tmp", tmp_path / ".new.tmp"
    old.touch()
    new.touch()
    os.utime(old, (0, 0))
    assert broker.remove_leftovers(tmp_path) == 1
    assert new.exists()


def embedded(data_dir: Path) -> Connection:
    settings = broker.celery_settings("", data_dir)
    return Connection(
        transport=settings["broker_transport"],
        transport_options=settings["broker_transport_options"],
    )


def test_celery_sends_and_receives_through_the_transport(tmp_path: Path) -> None:
    broker.make_broker_folders(tmp_path)
    with embedded(tmp_path) as sender, embedded(tmp_path) as receiver:
        queue = sender.SimpleQueue("celery")
        queue.put({"job": 7})
        message = receiver.SimpleQueue("celery").get(timeout=5)
        assert message.payload == {"job": 7}
        message.ack()


def test_routes_bound_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    broker.make_broker_folders(tmp_path)
    with embedded(tmp_path) as connection:
        channels = [connection.channel() for _ in range(8)]
        with ThreadPoolExecutor(8) as pool:
            for number, channel in enumerate(channels):
                pool.submit(channel._queue_bind, "work", f"key{number}", None, f"queue{number}")
        assert len(channels[0].get_table("work")) == 8


def test_an_exchange_cannot_name_a_file_elsewhere(tmp_path: Path) -> None:
    with embedded(tmp_path) as connection, pytest.raises(Exception, match="no name of an exchange"):
        connection.channel().get_table("../secret-key")


def test_the_folders_are_private(tmp_path: Path) -> None:
    broker.make_broker_folders(tmp_path)
    assert (tmp_path / "broker" / "messages").stat().st_mode & 0o077 == 0


def test_a_named_broker_is_used_as_it_is(tmp_path: Path) -> None:
    settings = broker.celery_settings("redis://example.org:6379/0", tmp_path)
    assert settings["broker_url"] == "redis://example.org:6379/0"
    assert settings["broker_transport_options"]["visibility_timeout"] > settings["task_time_limit"]
    rabbit = broker.celery_settings("amqp://example.org", tmp_path)
    assert rabbit["broker_transport_options"] == {}
