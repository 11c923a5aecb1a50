"""The confidentiality undertaking that a person accepts before a sign-in opens."""


def has_undertaken(user_id: int) -> bool:
    """Tell whether the person accepted the undertaking in force."""
    return True
