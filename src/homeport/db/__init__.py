"""The database: models' base, engines, schema."""
