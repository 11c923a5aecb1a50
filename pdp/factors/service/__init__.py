"""Use cases of `factors`, one file per concern."""

from pdp.factors.service.holders import FactorLine, has_factor, kinds_held, kinds_of, list_factors

__all__ = ["FactorLine", "has_factor", "kinds_held", "kinds_of", "list_factors"]
