"""Sentences written by hand, with the words that must be told and those that must be left alone."""

from collections.abc import Callable

import pytest

from pdp.core.intimate import Lexicon, find, fold, read_lexicon, to_plain, told

DIAGNOSIS, CARE, BODY = "maladie ou trouble", "soin ou traitement", "corps ou douleur"
INTIMACY, FAMILY = "vie intime ou convictions", "famille ou difficultés privées"

# A sentence, then every word that must be found in it, in order, with its family.
TOLD: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("Monsieur a fait une dépression l’an dernier.", (("dépression", DIAGNOSIS),)),
    ("Elle est DÉPRESSIVE depuis mars.", (("DÉPRESSIVE", DIAGNOSIS),)),
    ("Un état depressif persiste.", (("depressif", DIAGNOSIS),)),
    ("Le burn-out est en cause.", (("burn-out", DIAGNOSIS),)),
    ("Un burn out reconnu par son équipe.", (("burn out", DIAGNOSIS),)),
    ("Il sort d’un cancer du côlon.", (("cancer", DIAGNOSIS), ("côlon", BODY))),
    ("Son cancer l’empêche de porter.", (("cancer", DIAGNOSIS),)),
    ("Le diabète impose des pauses.", (("diabète", DIAGNOSIS),)),
    ("Salarié diabétique, poste de nuit exclu.", (("diabétique", DIAGNOSIS),)),
    ("Une hernie discale a été opérée.", (("hernie", DIAGNOSIS),)),
    ("Lombalgies répétées au poste.", (("Lombalgies", DIAGNOSIS),)),
    ("Canal carpien des deux côtés.", (("Canal carpien", DIAGNOSIS),)),
    ("Elle est atteinte de sclérose en plaques.", (("sclérose", DIAGNOSIS),)),
    ("Crises d’épilepsie au volant.", (("épilepsie", DIAGNOSIS),)),
    ("Il a été hospitalisé après un infarctus.", (("hospitalisé", CARE), ("infarctus", DIAGNOSIS))),
    ("Suites d’AVC, récupération lente.", (("AVC", DIAGNOSIS),)),
    ("Problème d’alcoolisme évoqué par l’employeur.", (("alcoolisme", DIAGNOSIS),)),
    ("Consommation de cannabis sur le chantier.", (("cannabis", DIAGNOSIS),)),
    ("Sa maladie évolue.", (("maladie", DIAGNOSIS),)),
    ("Une rechute est crainte.", (("rechute", DIAGNOSIS),)),
    ("Le diagnostic n’est pas posé.", (("diagnostic", DIAGNOSIS),)),
    ("Insomnies et angoisses le matin.", (("Insomnies", DIAGNOSIS), ("angoisses", DIAGNOSIS))),
    ("Idées suicidaires signalées.", (("suicidaires", DIAGNOSIS),)),
    ("Tentative de suicide en 2024.", (("suicide", DIAGNOSIS),)),
    ("Il est séropositif.", (("séropositif", DIAGNOSIS),)),
    ("Fibromyalgie reconnue.", (("Fibromyalgie", DIAGNOSIS),)),
    ("Trouble du sommeil sévère.", (("Trouble du sommeil", DIAGNOSIS),)),
    ("Stress post-traumatique après l’agression.", (("Stress post-traumatique", DIAGNOSIS),)),
    ("Elle suit une chimiothérapie jusqu’en mai.", (("chimiothérapie", CARE),)),
    ("La chimio s’arrête en mai.", (("chimio", CARE),)),
    ("Séances de kiné deux fois par semaine.", (("kiné", CARE),)),
    ("Il prend des antidépresseurs.", (("antidépresseurs", CARE),)),
    ("Suivi par un psychiatre.", (("psychiatre", CARE),)),
    ("Une psychothérapie est engagée.", (("psychothérapie", CARE),)),
    ("Elle a été opérée du genou.", (("opérée du", CARE), ("genou", BODY))),
    ("Une IRM est prévue.", (("IRM", CARE),)),
    ("Sous traitement, il somnole.", (("Sous traitement", CARE),)),
    ("Les médicaments ralentissent ses gestes.", (("médicaments", CARE),)),
    ("Cure de sevrage en cours.", (("Cure", CARE), ("sevrage", CARE))),
    ("Une prothèse de hanche est posée.", (("prothèse", CARE), ("hanche", BODY))),
    ("Suivie en oncologie au centre.", (("oncologie", CARE),)),
    ("Dialyse trois fois par semaine.", (("Dialyse", CARE),)),
    ("Des douleurs au dos l’empêchent de conduire.", (("douleurs", BODY), ("dos", BODY))),
    ("Il souffre de l’épaule droite.", (("souffre", BODY), ("épaule", BODY))),
    ("Ses genoux ne tiennent plus.", (("genoux", BODY),)),
    ("Elle était en larmes pendant l’entretien.", (("en larmes", BODY),)),
    ("Il est en surpoids.", (("surpoids", BODY),)),
    ("Douleurs cervicales chroniques.", (("Douleurs", BODY), ("cervicales", BODY))),
    ("Problème de cœur découvert en janvier.", (("cœur", BODY),)),
    ("Perte de vue à un œil.", (("œil", BODY),)),
    ("Ablation d’un sein en mars.", (("sein", BODY),)),
    ("Elle est enceinte de quatre mois.", (("enceinte", INTIMACY),)),
    ("Grossesse difficile.", (("Grossesse", INTIMACY),)),
    ("Un parcours de PMA explique les absences.", (("PMA", INTIMACY),)),
    ("Son homosexualité l’isole dans l’équipe.", (("homosexualité", INTIMACY),)),
    ("Il refuse de travailler pendant le ramadan.", (("ramadan", INTIMACY),)),
    ("Militante syndiquée, elle tient à son poste.", (("Militante", INTIMACY), ("syndiquée", INTIMACY))),
    ("Il sort de prison.", (("prison", INTIMACY),)),
    ("Son divorce est en cours.", (("divorce", FAMILY),)),
    ("Sa fille est malade, il s’absente.", (("fille", FAMILY),)),
    ("Elle élève seule trois enfants.", (("enfants", FAMILY),)),
    ("Le décès de son mari l’a éprouvée.", (("décès", FAMILY), ("mari", FAMILY))),
    ("Violences conjugales signalées.", (("Violences conjugales", FAMILY),)),
    ("Surendettement déclaré en 2025.", (("Surendettement", FAMILY),)),
    ("Placé sous curatelle renforcée.", (("curatelle", FAMILY),)),
    ("Bénéficiaire du RSA, sans domicile.", (("RSA", FAMILY), ("sans domicile", FAMILY))),
    ("Sa belle-mère l’héberge.", (("belle-mère", FAMILY),)),
    ("Mi-temps thérapeutique après un burnout.", (("burnout", DIAGNOSIS),)),
    ("Arrêt maladie pour une sciatique.", (("sciatique", DIAGNOSIS),)),
    ("Le médecin du travail évoque une tendinite.", (("tendinite", DIAGNOSIS),)),
)

# What the trade says every day, and that tells nothing of a person's body or private life.
CLEAN: tuple[str, ...] = (
    "Le médecin du travail donne son accord.",
    "Le service médical demande l’avis du médecin-conseil.",
    "Arrêt maladie prolongé jusqu’au 31 mars.",
    "Le temps partiel thérapeutique débute lundi.",
    "La reprise à temps partiel thérapeutique est prévue à 50 %.",
    "Un mi-temps thérapeutique est envisagé.",
    "La reconnaissance de la qualité de travailleur handicapé est demandée.",
    "La caisse primaire d’assurance maladie finance la mesure.",
    "L’Assurance Maladie est représentée par deux sièges.",
    "Le dossier relève d’une maladie professionnelle.",
    "Une pension d’invalidité de catégorie 1 est versée.",
    "Invalidité de catégorie 1 connue de la caisse.",
    "L’essai encadré porte sur un poste d’accueil.",
    "La convention de rééducation professionnelle est signée.",
    "L’employeur aménage les horaires.",
    "Le port de charges est limité à dix kilos.",
    "Pas de station debout de plus d’une heure.",
    "Le poste doit être aménagé avec un siège réglable.",
    "La cellule demande la pièce manquante.",
    "L’accord du médecin traitant est parvenu le 3 mars.",
    "Le bilan de compétences dure vingt-quatre heures.",
    "Le coût est partagé avec Cap emploi.",
    "L’avis est favorable sous réserve de la signature.",
    "La décision est notifiée par la caisse.",
    "Le référent reprend contact avec l’entreprise.",
    "Le point est ajourné : il manque l’accord du salarié.",
    "La question est au cœur du projet professionnel.",
    "Le recrutement est le cœur de métier de l’agence.",
    "Elle travaille au sein de l’entreprise depuis dix ans.",
    "Le tuteur est désigné au sein du service.",
    "Merci de scanner le document et de le déposer.",
    "Un diagnostic de poste est programmé.",
    "Le diagnostic ergonomique sera remis en avril.",
    "Elle est éducatrice de jeunes enfants.",
    "Il conduit un poids lourd.",
    "La conjointe collaboratrice est affiliée au régime.",
    "La société mère valide le budget.",
    "L’ordonnance du 22 septembre 2017 s’applique.",
    "Les voies de recours figurent au dos du courrier.",
    "La commission médicale de recours amiable est compétente.",
    "La psychologue du travail anime l’atelier.",
    "Aux yeux de la cellule, la mesure est adaptée.",
    "Le vote invalide le report demandé.",
    "Ce délai peut invalider la demande.",
    "Les droits épuisés ne se rouvrent pas.",
    "L’acte sous seing privé est joint.",
    "Le congé maternité n’est pas compté.",
    "Le service social suit la reprise.",
    "Formation en Seine-Maritime du 9 au 24 mars.",
    "La fracture numérique touche cet établissement.",
    "La mesure est opérée par le prestataire retenu.",
    "Le curateur de l’exposition reprend son poste.",
)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return read_lexicon()


@pytest.mark.parametrize(("sentence", "expected"), TOLD)
def test_a_word_of_the_body_or_of_private_life_is_told(
    lexicon: Lexicon, sentence: str, expected: tuple[tuple[str, str], ...]
) -> None:
    assert tuple((hit.word, hit.family) for hit in find(sentence, lexicon)) == expected


@pytest.mark.parametrize("sentence", CLEAN)
def test_the_words_of_the_trade_are_left_alone(lexicon: Lexicon, sentence: str) -> None:
    assert find(sentence, lexicon) == ()


def test_the_sentences_are_many_enough(lexicon: Lexicon, figure: Callable[[str, object], None]) -> None:
    warned_of = sum(bool(find(sentence, lexicon)) for sentence, _ in TOLD)
    warned = sum(bool(find(sentence, lexicon)) for sentence in CLEAN)
    assert len(TOLD) >= 60
    assert len(CLEAN) >= 40
    figure("wording.sentences", f"{warned_of} of {len(TOLD)} warned of, {warned} of {len(CLEAN)} clean ones")


def test_a_text_keeps_its_length_when_it_is_folded() -> None:
    text = "Épaule, œil, l’été, ÎLE\u00a0— ½ cœur"
    assert len(fold(text)) == len(text)
    assert fold("L’ÉTÉ a-t-il\u00a0fini") == "l'ete a t il fini"


def test_the_sentence_says_which_words_of_which_families(lexicon: Lexicon) -> None:
    assert told("Rien à dire ici.", lexicon) == ""
    said = told("Son cancer et son divorce.", lexicon)
    assert said == (
        "«\u00a0cancer\u00a0», «\u00a0divorce\u00a0»\u00a0: maladie ou trouble, famille ou difficultés privées. "
    )
    many = told("cancer, diabète, asthme, lupus, sida, AVC, hernie", lexicon)
    assert "«\u00a0AVC\u00a0», …" in many
    assert "hernie" not in many


def test_a_word_said_twice_is_told_once(lexicon: Lexicon) -> None:
    assert [hit.word for hit in find("Cancer, cancer et CANCER.", lexicon)] == ["Cancer"]


def test_the_page_reads_the_same_list_folded(lexicon: Lexicon) -> None:
    plain = to_plain(lexicon)
    assert [family["label"] for family in plain["families"]] == [DIAGNOSIS, CARE, BODY, INTIMACY, FAMILY]
    words = [word for family in plain["families"] for word in family["words"]]
    assert len(words) == len(set(words)), "a word is in one family"
    assert all(word == fold(word) for word in [*words, *plain["except"]])
