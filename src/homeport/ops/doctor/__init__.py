"""The doctor: attacks its own site from outside and inside, and says what it found, why it matters, what to do."""
