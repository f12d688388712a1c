"""Gives results out: documents, poster and paper form, the public page, open data, and both Datasettes."""
