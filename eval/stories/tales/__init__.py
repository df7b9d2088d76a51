"""The stories, by what the attackers are after."""
