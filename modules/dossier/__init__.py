"""The dossier de preuves put together: one PDF, or an archive of the same files. From frozen data."""
