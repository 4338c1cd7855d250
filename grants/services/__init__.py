"""Use cases: one public function, one transaction. They know no page, no queue and no settings."""
