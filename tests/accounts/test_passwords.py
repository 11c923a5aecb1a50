"""Which passwords may be chosen, said by hand; and how they are kept."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import update

from pdp.accounts import passwords
from pdp.accounts.models import User
from pdp.accounts.passwords import check_password, hash_password, matches
from pdp.accounts.service import sign_in
from pdp.core.errors import InvalidInput
from tests.accounts.settings import LIMITS
from tests.support import cheap
from tests.support.databases import as_owner
from tests.support.world import PASSWORD, World

ABOUT = (
    "Catherine",
    "Le Goff-Martineau",
    "catherine.legoff@cpam-ponant.example.org",
    "CPAM du Ponant",
    "Cellule PDP du Ponant",
)

ACCEPTED = (
    # Sentences and loose words, with spaces, accents, digits or nothing but letters.
    "quatre chevaux sous la pluie",
    "le train de nuit pour Brest",
    "une phrase de passe assez longue",
    "tabouret violet sept fougères",
    "fougère-tabouret-cumulus",
    "grenouille plateau orage zinc",
    "La girafe lit sous le hêtre",
    "Trois citrons sur le piano",
    "mon vélo grince dans les virages",
    "il pleut des boulons à Guéret",
    "deux-hiboux-en-pyjama",
    "parapluieorangeescalier",
    "ratatouille ou cassoulet",
    "le fromage est sur la lune",
    "catherine aime les longues marches",
    "la clé rouge ouvre le grenier",
    "J’ai planté 12 tomates cerises",
    "bonjour la girafe du grenier bleu",
    "quatorze signe",
    "hibou crayon.ski",
    # Random ones, as a keeper of passwords makes them: no rule of composition asks for any class.
    "xK9#mq2!vLp0Zr",
    "gtmhwnzpkrvbqd",
    "§µ£ù%*$^àç!&é'",
    "f7Rk-92mQ-zX0p-Lw4c",
    "T9x vQ2 mL7 pR4",
    # Other scripts, an emoji, and as long as one likes.
    "Ελληνικά και θάλασσα",
    "красный чайник на крыше",
    "cheval 🐴 sous la 🌧️ fine",
    "le grand canal en novembre, vu du petit pont de pierre, un soir de pluie " * 3,
)
TOO_SHORT = (
    "",
    "x",
    "treize signes",
    "Xk9#mq2!vLp0Z",
    "azerty",
    "P@ssw0rd!2026",
    "🐴🐴🐴🌧️🌧️🦒🎹",
)
TOO_LONG = ("abcdefgh 12 " * 22, "le train de nuit " * 60)
GUESSABLE = (
    # What is tried first.
    "motdepasse2026!",
    "motdepassemotdepasse",
    "Mot de passe 2026",
    "M0tDeP@sse2026!!",
    "passwordpassword",
    "Password123456!",
    "correct horse battery staple",
    "administrateur1",
    "Bonjour Bonjour Bonjour",
    "bienvenue2026!!!",
    "iloveyou iloveyou",
    "changemechangeme",
    # Keyboard, alphabet, digits, repetitions.
    "azertyuiop123456",
    "azertyuiopqsdfghjklm",
    "qwertyuiopasdfghjkl",
    "aqwzsxedcrfv!!",
    "1a2z3e4r5t6y7u8i",
    "abcdefghijklmnop",
    "zyxwvutsrqponm",
    "12345678901234",
    "98765432109876",
    "00000000000000",
    # A telephone, an account number: too few, too often written elsewhere.
    "06 12 34 56 78 91",
    "74918350267193",
    "aaaaaaaaaaaaaaaaaa",
    "abcabcabcabcabcabc",
    "cheval1cheval1cheval1",
    "14071789 14071789",
    "ababababababab",
    "- - - - - - - - -",
    "              ",
    # Sayings, songs and books.
    "Vive la France 2026",
    "la vie est belle",
    "La vie est un long fleuve tranquille",
    "Liberté égalité fraternité",
    "au clair de la lune",
    "Joyeux anniversaire !",
    "un pour tous, tous pour un",
    "Il était une fois",
    "que la force soit avec toi",
    "mieux vaut tard que jamais",
    # Who one is, where one works, and what everybody here would think of.
    "catherine.legoff",
    "Catherine Le Goff 1985",
    "legoffmartineau",
    "LEGOFF-MARTINEAU-29",
    "CPAM du Ponant 2026",
    "cellule pdp du ponant",
    "Cellule PDP 2026 !",
    "Assurance Maladie 2026",
    "securitesociale1",
    "medecin conseil 44",
    "retour au travail",
    "désinsertion professionnelle",
    "novembre 2026 novembre",
    "lundi mardi mercredi",
)


@pytest.mark.parametrize("password", ACCEPTED)
def test_a_long_password_that_nobody_would_try_is_accepted(password: str) -> None:
    check_password(password, password, about=ABOUT)


@pytest.mark.parametrize(
    ("password", "word"),
    [
        *((each, "14 caractères") for each in TOO_SHORT),
        *((each, "256 caractères") for each in TOO_LONG),
        *((each, "se devine") for each in GUESSABLE),
    ],
)
def test_a_password_that_is_short_or_would_be_guessed_is_refused(password: str, word: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_password(password, password, about=ABOUT)
    assert set(refused.value.errors) == {"password"}
    assert word in refused.value.errors["password"][0]


def test_the_table_is_long_enough() -> None:
    assert len(set(ACCEPTED) | set(TOO_SHORT) | set(TOO_LONG) | set(GUESSABLE)) >= 90


def test_the_second_typing_must_say_the_same() -> None:
    with pytest.raises(InvalidInput) as refused:
        check_password("quatre chevaux sous la pluie", "quatre chevaux sous la lune", about=())
    assert set(refused.value.errors) == {"repeated"}


@pytest.mark.parametrize(
    ("typed", "typed_again"),
    [
        ("fougère tabouret cumulus", "fouge\u0300re tabouret cumulus"),
        ("ﬁl à plomb et compas", "fil à plomb et compas"),
        ("quatre\u00a0chevaux sous la pluie", "quatre chevaux sous la pluie"),
        ("ＡＢＣ girafe piano", "ABC girafe piano"),
    ],
)
def test_two_keyboards_that_write_alike_open_alike(typed: str, typed_again: str) -> None:
    assert matches(hash_password(typed), typed_again)
    check_password(typed, typed_again, about=())


@pytest.mark.parametrize("other", ["Quatre chevaux sous la pluie", "quatre chevaux sous la pluie ", "quatre chevaux"])
def test_capitals_spaces_and_ends_count(other: str) -> None:
    assert not matches(hash_password("quatre chevaux sous la pluie"), other)


def test_a_hash_is_slow_and_salted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", cheap.DEAR)
    first, second = hash_password(PASSWORD), hash_password(PASSWORD)
    kept = extract_parameters(first)
    assert first != second
    assert (kept.type.name, kept.memory_cost, kept.time_cost, kept.parallelism) == ("ID", 65536, 3, 4)
    assert kept.salt_len >= 16
    assert kept.hash_len >= 32


def test_nothing_matches_an_account_without_password() -> None:
    assert not matches(None, PASSWORD)
    assert not matches(None, "an account that does not exist")
    assert not matches("", PASSWORD)
    assert not matches("not a hash", PASSWORD)


def test_the_next_right_password_is_kept_under_today_s_parameters(world: World) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with as_owner() as session:
        session.execute(update(User).where(User.id == world.user["a.cpam"]).values(password_hash=weak))
    assert sign_in("cpam.a@example.org", PASSWORD, "127.0.0.1", LIMITS)
    with as_owner() as session:
        renewed = session.get_one(User, world.user["a.cpam"]).password_hash
    assert renewed is not None
    assert not passwords.is_dated(renewed)
    assert matches(renewed, PASSWORD)
