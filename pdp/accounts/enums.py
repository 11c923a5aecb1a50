"""Words of people, organisations and seats."""

from pdp.core.enums import Labelled


class OrganisationKind(Labelled):
    """What an organisation is; the first three make the core of the Assurance Maladie."""

    SERVICE_SOCIAL = "service_social", "Service social"
    SERVICE_MEDICAL = "service_medical", "Service médical"
    CPAM = "cpam", "CPAM, action sociale"
    SPST = "spst", "Service de prévention et de santé au travail"
    CAP_EMPLOI = "cap_emploi", "Cap emploi"
    COMETE = "comete", "Comète"
    MDPH = "mdph", "MDPH"
    OETH = "oeth", "OETH"
    REGIONAL = "regional", "Direction régionale"


CORE_KINDS = (OrganisationKind.SERVICE_SOCIAL, OrganisationKind.SERVICE_MEDICAL, OrganisationKind.CPAM)
PARTNER_KINDS = (
    OrganisationKind.SPST,
    OrganisationKind.CAP_EMPLOI,
    OrganisationKind.COMETE,
    OrganisationKind.MDPH,
    OrganisationKind.OETH,
)


class Voice(Labelled):
    """Whether a seat's vote counts in the majority or is an opinion counted apart."""

    DELIBERATIVE = "deliberative", "voix délibérative"
    CONSULTATIVE = "consultative", "voix consultative"


class Silence(Labelled):
    """What the silence of a seat means in a written consultation."""

    NOTHING = "nothing", "Le silence ne vaut rien"
    ASSENT = "assent", "Le silence vaut accord"


class BallotMode(Labelled):
    """How the members of a cellule say what they think of a question."""

    NAMED = "NAMED", "Scrutin nominatif"
    CONSENSUS = "CONSENSUS", "Avis conforme, sans vote"
    SECRET = "SECRET", "Scrutin secret"


class HolderRank(Labelled):
    """How a person holds a seat."""

    TITULAIRE = "titulaire", "titulaire"
    SUPPLEANT = "suppleant", "suppléant"


class Proof(Labelled):
    """What a person showed to sign in."""

    PASSWORD = "password", "mot de passe"
    TOTP = "totp", "code à usage unique"
    # A passkey that verified its holder (finger, face, code of the device) is two factors by itself.
    PASSKEY = "passkey", "clé d’accès"
    PROVIDER = "provider", "fournisseur d’identité"
    PROVIDER_TWO_FACTORS = "provider_two_factors", "fournisseur d’identité, deux facteurs"
    # Two persons who know the holder vouched for them: it lets them register a new factor, once.
    RECOVERY = "recovery", "identité attestée par deux personnes"
    DEMO = "demo", "démonstration"


class SignInStage(Labelled):
    """How far a sign-in has come; only an open one grants anything."""

    SECOND_FACTOR = "second_factor", "second facteur attendu"
    UNDERTAKING = "undertaking", "engagement à accepter"
    OPEN = "open", "ouverte"


class ClosingReason(Labelled):
    """Why an access or an account was closed."""

    DEPARTURE = "departure", "départ de la personne"
    CHANGE = "change", "changement de fonction"
    REVIEW = "review", "revue des accès"
    INCIDENT = "incident", "soupçon d’usage anormal"
    DORMANT = "dormant", "compte resté sans usage"
