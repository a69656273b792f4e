"""Own data: whose they are, what room they take, where their arrays lie, and when they go."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import (
    DatasetUnavailable,
    LimitExceeded,
    OwnDataStaysPrivate,
    RunNotFound,
    StoreUnavailable,
)
from core.limits import OwnLimits
from core.runs import Library, OwnArrays, OwnLibrary, RunStore, own_rows, remove_unused
from core.runs.own_arrays import FILES
from tests.runs.making import own_experiment, own_facts

DAY_S = 86_400.0
ALLOWED = OwnLimits()
KEY = own_facts().key
OTHER = "1" * 64


@pytest.fixture
def arrays(artifacts):
    return OwnArrays(artifacts)


@pytest.fixture
def made(tmp_path):
    """A folder with four files as a conversion leaves them."""
    folder = tmp_path / "made"
    folder.mkdir()
    for number, name in enumerate(FILES):
        np.save(folder / name, np.full(1000, number))
    return folder


@pytest.fixture
def local(tmp_path):
    opened = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture
def anna(local, on_disk):
    return OwnLibrary(local, OwnArrays(on_disk), "anna")


@pytest.fixture
def ben(local, on_disk):
    return OwnLibrary(local, OwnArrays(on_disk), "ben")


@pytest.fixture
def own_clock(clock, monkeypatch):
    """The clock of the store, for own data too."""
    from core.runs import store as stores

    monkeypatch.setattr(own_rows, "now", stores.now)
    return clock


def test_store_knows_the_sets_of_each_visitor_oldest_first(store):
    store.add_own("anna", own_facts(), 1)
    store.add_own("anna", own_facts(key=OTHER, title="Trees"), 2)
    store.add_own("ben", own_facts(title="Mine"), 3)
    found = store.own_sets("anna")
    assert [(one.facts.title, one.size_bytes) for one in found] == [("Flowers", 1), ("Trees", 2)]
    assert [one.facts.title for one in store.own_sets("ben")] == ["Mine"]
    assert store.own_sets("carl") == ()
    assert store.own_keys() == {KEY, OTHER}
    assert store.own_bytes() == 3 + 2  # what anna and ben share is there once


def test_same_data_added_again_take_the_new_title(store):
    store.add_own("anna", own_facts(), 1)
    store.add_own("anna", own_facts(title="Blossoms"), 1)
    assert [one.facts.title for one in store.own_sets("anna")] == ["Blossoms"]


def test_data_two_have_go_with_the_last(store):
    store.add_own("anna", own_facts(), 1)
    store.add_own("ben", own_facts(), 1)
    assert not store.forget_own("anna", KEY)
    assert store.forget_own("ben", KEY)
    assert store.own_keys() == frozenset()


def test_set_is_old_when_nobody_trained_on_it_for_days(store, own_clock):
    store.add_own("anna", own_facts(), 1)
    store.add_own("ben", own_facts(), 1)
    own_clock(20 * DAY_S)
    assert store.use_own("ben", KEY)
    own_clock(11 * DAY_S)
    assert store.unused_own(30) == (("anna", KEY),)


def test_nobody_uses_what_they_do_not_have(store):
    store.add_own("anna", own_facts(), 1)
    assert not store.use_own("ben", KEY)


def test_arrays_come_back_as_they_were_kept(arrays, made, tmp_path):
    assert not arrays.has(KEY)
    arrays.keep(KEY, made)
    assert arrays.has(KEY)
    back = tmp_path / "back"
    back.mkdir()
    arrays.fetch(KEY, back)
    assert {f.name: f.read_bytes() for f in back.iterdir()} == {
        f.name: f.read_bytes() for f in made.iterdir()
    }


def test_removed_arrays_are_gone(arrays, made, tmp_path):
    arrays.keep(KEY, made)
    arrays.keep(OTHER, made)
    arrays.remove(KEY)
    arrays.remove(KEY)  # again changes nothing
    assert (arrays.has(KEY), arrays.has(OTHER)) == (False, True)
    with pytest.raises(DatasetUnavailable, match="were removed"):
        arrays.fetch(KEY, tmp_path)


@pytest.mark.parametrize("key", ["..", "../../etc", "", "a" * 63, "A" * 64])
def test_arrays_never_leave_their_folder(arrays, made, tmp_path, key):
    for action in (arrays.has, arrays.remove, lambda key: arrays.fetch(key, tmp_path)):
        with pytest.raises(DatasetUnavailable):
            action(key)


def test_library_keeps_and_removes(anna, on_disk, made):
    anna.add(own_facts(), made, 100, ALLOWED)
    assert [one.facts for one in anna.all()] == [own_facts()]
    anna.remove(KEY)
    assert anna.all() == ()
    assert not OwnArrays(on_disk).has(KEY)


def test_removing_what_another_has_too_leaves_it_to_them(anna, ben, on_disk, made):
    anna.add(own_facts(), made, 100, ALLOWED)
    ben.add(own_facts(), made, 100, ALLOWED)
    anna.remove(KEY)
    assert OwnArrays(on_disk).has(KEY)
    assert len(ben.all()) == 1


def test_what_cannot_be_kept_is_nobodys(anna, made):
    (made / "y_test.npy").unlink()
    with pytest.raises(StoreUnavailable):
        anna.add(own_facts(), made, 100, ALLOWED)
    assert anna.all() == ()


def test_visitor_has_a_quota(anna, ben, made):
    allowed = OwnLimits(quota_mb=10)
    anna.add(own_facts(), made, 6_000_000, allowed)
    with pytest.raises(LimitExceeded, match="your others 6 MB"):
        anna.add(own_facts(key=OTHER), made, 4_000_001, allowed)
    assert [one.facts.key for one in anna.all()] == [KEY]
    anna.add(own_facts(key=OTHER), made, 4_000_000, allowed)
    ben.add(own_facts(key=OTHER), made, 4_000_001, allowed)


def test_set_that_is_being_added_counts(anna, local, made):
    local.add_own("anna", own_facts(key=OTHER), 6_000_000)  # as in another tab, before its files
    with pytest.raises(LimitExceeded):
        anna.add(own_facts(), made, 4_000_001, OwnLimits(quota_mb=10))


def test_same_set_again_takes_no_more_room(anna, made):
    allowed = OwnLimits(quota_mb=10)
    anna.add(own_facts(), made, 6_000_000, allowed)
    anna.add(own_facts(title="Blossoms"), made, 6_000_000, allowed)
    assert [one.facts.title for one in anna.all()] == ["Blossoms"]


def test_set_stays_with_its_visitor_if_it_cannot_be_kept_again(anna, made):
    anna.add(own_facts(), made, 100, ALLOWED)
    (made / "y_test.npy").unlink()
    with pytest.raises(StoreUnavailable):
        anna.add(own_facts(), made, 100, ALLOWED)
    assert [one.facts.key for one in anna.all()] == [KEY]


def test_files_that_their_last_owner_removes_meanwhile_are_put_there_again(
    anna, on_disk, made, monkeypatch
):
    keep, removals = OwnArrays.keep, iter([True, False])

    def keep_and_remove(self, key, folder):
        keep(self, key, folder)
        if next(removals):
            self.remove(key)

    monkeypatch.setattr(OwnArrays, "keep", keep_and_remove)
    anna.add(own_facts(), made, 100, ALLOWED)
    assert OwnArrays(on_disk).has(KEY)


def test_all_visitors_together_have_one(anna, ben, made):
    allowed = OwnLimits(total_mb=10)
    anna.add(own_facts(), made, 6_000_000, allowed)
    with pytest.raises(LimitExceeded, match="EPOCHSCOPE_OWN_TOTAL_MB"):
        ben.add(own_facts(key=OTHER), made, 5_000_000, allowed)


def test_set_of_two_visitors_counts_once_of_all(anna, ben, made):
    allowed = OwnLimits(total_mb=10)
    anna.add(own_facts(), made, 6_000_000, allowed)
    ben.add(own_facts(), made, 6_000_000, allowed)
    assert len(ben.all()) == 1


def test_unused_sets_are_removed_with_their_arrays(anna, local, on_disk, made, own_clock):
    anna.add(own_facts(), made, 1, ALLOWED)
    own_clock(31 * DAY_S)
    anna.add(own_facts(key=OTHER), made, 1, ALLOWED)
    assert remove_unused(local, OwnArrays(on_disk), 30) == 1
    assert [one.facts.key for one in anna.all()] == [OTHER]
    assert not OwnArrays(on_disk).has(KEY)


def test_run_on_own_data_is_private(local, anna, made):
    anna.add(own_facts(), made, 1, ALLOWED)
    run = Library(local, "anna").create(own_experiment(), private=False)
    assert run.private
    with pytest.raises(RunNotFound):
        Library(local, "ben").get(run.id)


def test_run_on_own_data_cannot_be_shown_to_others(local, anna, made):
    anna.add(own_facts(), made, 1, ALLOWED)
    library = Library(local, "anna")
    run = library.create(own_experiment())
    with pytest.raises(OwnDataStaysPrivate, match="stays private"):
        library.set_private(run.id, False)
    assert library.get(run.id).private


def test_training_counts_as_use(local, anna, made, own_clock):
    anna.add(own_facts(), made, 1, ALLOWED)
    own_clock(29 * DAY_S)
    Library(local, "anna").create(own_experiment())
    own_clock(2 * DAY_S)
    assert local.unused_own(30) == ()


@pytest.mark.parametrize("change", [{}, {"classes": ("a", "b")}, {"train_size": 79}])
def test_nobody_trains_on_data_they_do_not_have_or_that_are_otherwise(local, anna, made, change):
    anna.add(own_facts(), made, 1, ALLOWED)
    visitor = "anna" if change else "ben"
    with pytest.raises(DatasetUnavailable, match="not among your own data"):
        Library(local, visitor).create(own_experiment(**change))
    assert local.recent() == ()


def test_run_whose_data_were_removed_cannot_be_gone_on_with(local, anna, made):
    anna.add(own_facts(), made, 1, ALLOWED)
    library = Library(local, "anna")
    run = library.create(own_experiment())
    anna.remove(KEY)
    with pytest.raises(DatasetUnavailable, match="Add the file on the Data page"):
        library.continue_from(run.id, own_experiment())


def test_data_under_a_new_title_are_still_theirs(local, anna, made):
    anna.add(own_facts(title="Blossoms"), made, 1, ALLOWED)
    assert Library(local, "anna").create(own_experiment()).private
