"""CRM systems as a source of deals and a place for what became of them: one plain vocabulary, one module for each system."""
