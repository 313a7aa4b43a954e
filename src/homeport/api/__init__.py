"""Everything that the studio does to content, for programs: JSON over tokens."""
