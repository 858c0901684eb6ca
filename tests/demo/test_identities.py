"""Second accounts, chains, shared and re-used addresses, right and wrong merges: as in the truth file."""

from __future__ import annotations

import pandas as pd
import pytest

from demo.names import OFFICE_MAILBOX, SWITCHBOARD
from tests.demo.sources import Sources
from tests.demo.test_defects import keys_of


def versions_of(demo: Sources) -> pd.DataFrame:
    return demo.table("accounts").drop_duplicates().sort_values(["account_no", "updated_at"], kind="stable")


@pytest.mark.parametrize(
    ("kind", "column", "address"),
    [("shared_switchboard", "phone_no", SWITCHBOARD), ("shared_mailbox", "e_mail", OFFICE_MAILBOX)],
)
def test_what_is_shared_is_shared_by_its_accounts_only(demo: Sources, kind: str, column: str, address: str) -> None:
    accounts = demo.table("accounts")
    shared = accounts[accounts[column] == address]["account_no"].unique()
    assert sorted(shared) == keys_of(demo, "accounts", kind)
    assert len(shared) > 5


def test_second_accounts_share_the_address_of_an_older_one(demo: Sources) -> None:
    every = demo.table("accounts")
    accounts = every.drop_duplicates("account_no")
    claimed = set(keys_of(demo, "accounts", "duplicate_account"))
    for account, email in accounts[accounts["account_no"].isin(claimed)][["account_no", "e_mail"]].values:
        owners = every[every["e_mail"] == email]["account_no"]
        assert (owners < account).any(), account


def test_a_chain_joins_its_last_account_by_the_number_of_a_second_one_only(demo: Sources) -> None:
    first = versions_of(demo).drop_duplicates("account_no").set_index("account_no")
    persons = demo.truth("persons").set_index("account_no")
    chained = keys_of(demo, "accounts", "chained_account")
    assert len(chained) > 2
    for account in chained:
        same_number = first.index[(first["phone_no"] == first.loc[account, "phone_no"]) & (first.index != account)]
        person = persons.loc[account, "first_account_no"]
        assert {persons.loc[second, "first_account_no"] for second in same_number} == {person}
        second = same_number.difference(chained).item()
        assert first.loc[second, "e_mail"] == first.loc[person, "e_mail"]
        assert first.loc[account, "e_mail"] != first.loc[person, "e_mail"]
        assert first.loc[account, ["social_handle", "external_id"]].isna().all()


def test_a_reused_number_leaves_the_old_record_before_it_comes_to_the_new_one(demo: Sources) -> None:
    versions = versions_of(demo)
    reused = keys_of(demo, "accounts", "reused_phone")
    assert reused
    for account in reused:
        new = versions[versions["account_no"] == account].iloc[0]
        former = versions[(versions["phone_no"] == new["phone_no"]) & (versions["account_no"] < account)]
        old = versions[versions["account_no"].isin(former["account_no"])]
        lost = old[old["phone_no"].isna()]
        assert lost["updated_at"].min() < new["updated_at"]
        assert former["updated_at"].max() < lost["updated_at"].min()


def test_merged_accounts_name_an_older_account_and_wrong_merges_are_undone(demo: Sources) -> None:
    versions = versions_of(demo)
    merged = versions[versions["merged_into_id"].notna()]
    right, wrong = (set(keys_of(demo, "accounts", kind)) for kind in ("explicit_merge", "wrong_merge"))
    undone = set(keys_of(demo, "accounts", "unmerge"))
    assert set(merged["account_no"]) == right | wrong
    assert (merged["merged_into_id"] < merged["account_no"]).all()
    last = versions.drop_duplicates("account_no", keep="last").set_index("account_no")["merged_into_id"]
    assert last[sorted(right)].notna().all()
    assert last[sorted(undone)].isna().all()
    assert undone and undone <= wrong


def test_right_merges_join_one_person_and_wrong_ones_strangers(demo: Sources) -> None:
    persons = demo.truth("persons").set_index("account_no")["first_account_no"].to_dict()
    merged = versions_of(demo).dropna(subset="merged_into_id").drop_duplicates("account_no")
    wrong = set(keys_of(demo, "accounts", "wrong_merge"))
    for account, into in merged[["account_no", "merged_into_id"]].values:
        is_one_person = persons.get(account, account) == persons.get(into, into)
        assert is_one_person == (account not in wrong), account


def test_changed_addresses_are_versions_of_one_account(demo: Sources) -> None:
    addresses = demo.table("accounts").groupby("account_no")["e_mail"].nunique()
    claimed = pd.Series(keys_of(demo, "accounts", "changed_email")).value_counts()
    assert (addresses[claimed.index] == claimed + 1).all()
    assert (addresses.drop(claimed.index) == 1).all()
