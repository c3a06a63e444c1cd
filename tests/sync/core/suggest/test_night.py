"""Near misses of a whole night: which open verdicts get suggestions, and on what evidence."""

from sync.core.pulls import Manifest, Night, Pull, State
from sync.core.records import AE_OF, HALO_OF, AeRecord, HaloRecord, Kind
from sync.core.suggest import near_misses
from sync.core.verdicts import Grade, Outcome, Verdict


def night(*records):
    pulls = {}
    for kind in Kind:
        for collection, shape in ((AE_OF[kind], AeRecord), (HALO_OF[kind], HaloRecord)):
            rows = tuple(r for r in records if isinstance(r, shape) and r.kind is kind)
            pulls[collection] = Pull(Manifest(collection, State.COMPLETE), rows)
    return Night(pulls)


def ae(kind, ident, name, **more):
    return AeRecord(kind, ident, name, **more)


def halo(kind, ident, name, **more):
    return HaloRecord(kind, ident, name, **more)


def unlinked(kind, ident):
    return Verdict(kind, ident, Outcome.UNLINKED, "L1")


def linked(kind, ident, halo_id):
    return Verdict(kind, ident, Outcome.LINKED, "L1", halo_id)


def fleet(make, kind, prefix, numbers, **where):
    return [make(kind, f"{prefix}{n}", f"DT-{n:04}", **where) for n in numbers]


def codes(suggestion):
    return [reason.code for reason in suggestion.reasons]


C, L, M, U = Kind.COMPANY, Kind.LOCATION, Kind.COMPUTER, Kind.USER


def test_a_company_finds_its_client_and_says_what_differs():
    world = night(ae(C, "a", "Smith & Sons Ltd"), halo(C, "1", "Smith and Sons Limited"))

    (suggestion,) = near_misses(world, [unlinked(C, "a")])[C, "a"]

    assert suggestion.halo_id == "1"
    assert suggestion.grade is Grade.STRONG
    assert codes(suggestion) == ["only-and", "only-legal-form"]


def test_only_open_verdicts_get_suggestions():
    world = night(ae(C, "a", "Acme Ltd"), halo(C, "1", "Acme Limited"))

    for outcome in (Outcome.LINKED, Outcome.IGNORED, Outcome.BLOCKED, Outcome.WITHHELD):
        assert near_misses(world, [Verdict(C, "a", outcome, "L1")]) == {}


def test_a_client_that_is_already_linked_is_shown_as_taken_and_never_strong():
    world = night(ae(C, "a", "Acme Ltd"), ae(C, "b", "Acme Limited"), halo(C, "1", "Acme Limited"))

    found = near_misses(world, [unlinked(C, "a"), linked(C, "b", "1")])

    assert found[C, "a"][0].taken_by == "b"
    assert found[C, "a"][0].grade is Grade.WEAK


def test_a_rejected_pair_is_not_suggested_again():
    world = night(ae(C, "a", "Acme Ltd"), halo(C, "1", "Acme Limited"))

    assert near_misses(world, [unlinked(C, "a")], rejected={(C, "a", "1")}) == {}


def test_forty_one_of_forty_four_machines_outweigh_a_name_with_nothing_in_common():
    world = night(
        ae(C, "a", "Contoso"),
        halo(C, "1", "Acorn Construction"),
        halo(C, "2", "Contour"),
        *fleet(ae, M, "m", range(44), company="a"),
        *fleet(halo, M, "h", range(41), client="1"),
    )

    first = near_misses(world, [unlinked(C, "a")])[C, "a"][0]

    assert (first.halo_id, first.grade) == ("1", Grade.STRONG)
    assert first.reasons[0].code == "machines-shared"
    assert dict(first.reasons[0].facts) == {"shared": 41, "total": 44}


def test_machines_split_over_two_clients_are_never_strong():
    world = night(
        ae(C, "a", "Contoso"),
        halo(C, "1", "Acorn Construction"),
        halo(C, "2", "Oak Builders"),
        *fleet(ae, M, "m", range(44), company="a"),
        *fleet(halo, M, "h", range(22), client="1"),
        *fleet(halo, M, "i", range(22, 44), client="2"),
    )

    found = near_misses(world, [unlinked(C, "a")])[C, "a"]

    assert {s.halo_id for s in found} == {"1", "2"}
    assert all(s.grade is not Grade.STRONG for s in found)
    assert all("machines-split" in codes(s) for s in found)


def test_a_perfect_name_whose_machines_live_elsewhere_carries_a_warning():
    world = night(
        ae(C, "a", "Acme Ltd"),
        halo(C, "1", "Acme Limited"),
        halo(C, "2", "Zenith Partners"),
        *fleet(ae, M, "m", range(20), company="a"),
        *fleet(halo, M, "h", range(20), client="2"),
    )

    found = {s.halo_id: s for s in near_misses(world, [unlinked(C, "a")])[C, "a"]}

    assert codes(found["1"]) == ["only-legal-form", "machines-elsewhere"]
    assert dict(found["1"].reasons[-1].facts)["elsewhere"] == "Zenith Partners"
    assert found["1"].grade is not Grade.STRONG


def test_of_two_clients_the_one_with_more_of_the_machines_comes_first():
    world = night(
        ae(C, "a", "Contoso"),
        halo(C, "1", "Acorn Construction"),
        halo(C, "2", "Oak Builders"),
        *fleet(ae, M, "m", range(44), company="a"),
        *fleet(halo, M, "h", range(7), client="1"),
        *fleet(halo, M, "i", range(7, 22), client="2"),
    )

    first, second = near_misses(world, [unlinked(C, "a")])[C, "a"]

    assert (first.halo_id, second.halo_id) == ("2", "1")
    assert "tie" not in codes(first)


def test_machines_are_found_under_any_of_an_asset_s_names():
    assets = [
        halo(
            M, f"h{n}", f"0Q9U{n}", client="1", names=(("key", f"0Q9U{n}"), ("host", f"DT-{n:04}"))
        )
        for n in range(20)
    ]
    world = night(
        ae(C, "a", "Contoso"),
        halo(C, "1", "Acorn Construction"),
        *fleet(ae, M, "m", range(20), company="a"),
        *assets,
    )

    (suggestion,) = near_misses(world, [unlinked(C, "a")])[C, "a"]

    assert (suggestion.grade, codes(suggestion)) == (Grade.STRONG, ["machines-shared"])


def test_the_management_id_may_be_written_in_another_case():
    world = night(
        ae(C, "a", "Renamed Holdings", management_id="acorn construction "),
        halo(C, "1", "Acorn Construction"),
    )

    (suggestion,) = near_misses(world, [unlinked(C, "a")])[C, "a"]

    assert codes(suggestion) == ["management-name"]


def test_the_name_kept_as_management_id_is_evidence():
    world = night(
        ae(C, "a", "Renamed Holdings", management_id="Acorn Construction"),
        halo(C, "1", "Acorn Construction"),
    )

    (suggestion,) = near_misses(world, [unlinked(C, "a")])[C, "a"]

    assert codes(suggestion)[0] == "management-name"


def test_a_location_is_sought_only_inside_its_company_s_client():
    world = night(
        ae(C, "a", "Acme"),
        ae(L, "l", "Dallas", company="a"),
        halo(C, "1", "Acme"),
        halo(L, "s1", "Dallas Office", client="1"),
        halo(L, "s2", "Dallas", client="2"),
    )

    found = near_misses(world, [linked(C, "a", "1"), unlinked(L, "l")])

    assert [s.halo_id for s in found[L, "l"]] == ["s1"]


def test_two_default_location_names_meet():
    world = night(
        ae(C, "a", "Acme"),
        ae(L, "l", "Main Office", company="a"),
        halo(C, "1", "Acme"),
        halo(L, "s1", "HQ", client="1"),
        halo(L, "s2", "Austin", client="1"),
    )

    found = near_misses(world, [linked(C, "a", "1"), unlinked(L, "l")])[L, "l"]

    assert (found[0].halo_id, codes(found[0])) == ("s1", ["default-name"])


def test_the_last_location_and_the_last_site_of_a_company_meet_weakly():
    world = night(
        ae(C, "a", "Acme"),
        ae(L, "l", "Consumer Customers", company="a"),
        halo(C, "1", "Acme"),
        halo(L, "s1", "14 Elm Street", client="1"),
        halo(L, "s2", "Austin", client="1"),
    )
    settled = [linked(C, "a", "1"), Verdict(L, "m", Outcome.LINKED, "L2", "s2")]

    (suggestion,) = near_misses(world, [*settled, unlinked(L, "l")])[L, "l"]

    assert (suggestion.halo_id, codes(suggestion)) == ("s1", ["only-one-left"])
    assert suggestion.grade is Grade.WEAK


def test_a_computer_never_crosses_into_another_client():
    world = night(
        ae(C, "a", "Acme"),
        ae(M, "m", "WS-014", company="a"),
        halo(C, "1", "Acme"),
        halo(M, "h", "ws-014.acme.local", client="2"),
    )

    assert near_misses(world, [linked(C, "a", "1"), unlinked(M, "m")]) == {}


def test_a_computer_is_found_under_any_of_an_asset_s_names():
    world = night(
        ae(C, "a", "Acme"),
        ae(M, "m", "WS-014", company="a"),
        halo(C, "1", "Acme"),
        halo(M, "h", "000123", client="1", names=(("key", "000123"), ("host", "ws014.acme.local"))),
    )

    found = near_misses(world, [linked(C, "a", "1"), unlinked(M, "m")])

    assert [s.halo_id for s in found[M, "m"]] == ["h"]


def test_a_technician_is_found_by_the_local_part_of_the_address():
    world = night(
        ae(U, "tech@old.example", "Tess Tech", email="tech.s@old.example"),
        halo(U, "7", "T. Smith", email="tech.s@new.example"),
    )

    (suggestion,) = near_misses(world, [unlinked(U, "tech@old.example")])[U, "tech@old.example"]

    assert codes(suggestion) == ["same-local-part", "other-person-name"]


def test_a_placeholder_is_not_compared_by_name_but_by_its_machines():
    world = night(
        ae(C, "a", "%companyname%"),
        halo(C, "1", "Company Name Ltd"),
        halo(C, "2", "Acorn"),
        *fleet(ae, M, "m", range(20), company="a"),
        *fleet(halo, M, "h", range(20), client="2"),
    )

    assert [s.halo_id for s in near_misses(world, [unlinked(C, "a")])[C, "a"]] == ["2"]


def test_a_suggested_asset_is_called_by_the_name_that_is_alike_not_by_its_serial_number():
    names = (("key_field", "0Q9U6QR"), ("inventory_number", "DSF-LT-0022"))
    tonight = night(
        ae(Kind.COMPANY, "c", "Acme"),
        halo(Kind.COMPANY, "1", "Acme"),
        ae(Kind.COMPUTER, "pc", "DSF-LT-22", company="c"),
        halo(Kind.COMPUTER, "a", "0Q9U6QR", client="1", names=names),
    )
    verdicts = [linked(Kind.COMPANY, "c", "1"), unlinked(Kind.COMPUTER, "pc")]

    found = near_misses(tonight, verdicts)[Kind.COMPUTER, "pc"]
    assert [s.name for s in found] == ["DSF-LT-0022"]


def test_who_holds_a_taken_record_is_named_not_numbered():
    tonight = night(
        ae(Kind.COMPANY, "c1", "Acme Dental Group"),
        ae(Kind.COMPANY, "c2", "Acme Dental Grp"),
        halo(Kind.COMPANY, "1", "Acme Dental Group"),
    )
    verdicts = [linked(Kind.COMPANY, "c1", "1"), unlinked(Kind.COMPANY, "c2")]

    reasons = near_misses(tonight, verdicts)[Kind.COMPANY, "c2"][0].reasons
    assert {r.code: dict(r.facts) for r in reasons}["taken"] == {"by": "Acme Dental Group"}
