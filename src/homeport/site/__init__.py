"""The site as a whole: its settings, navigation, permalinks and redirects."""
