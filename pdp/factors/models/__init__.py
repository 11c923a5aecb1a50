"""Tables of `factors`, one file per concern."""

from pdp.factors.models.passkeys import Passkey as Passkey
from pdp.factors.models.passkeys import PasskeyChallenge as PasskeyChallenge
from pdp.factors.models.recovery import FactorRecovery as FactorRecovery
from pdp.factors.models.recovery import FactorVouching as FactorVouching
from pdp.factors.models.totp import TotpFactor as TotpFactor
