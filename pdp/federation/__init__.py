"""Sign-in through an identity provider: ProConnect, Pro Santé Connect, an organisation's own."""
