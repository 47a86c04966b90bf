"""An app of the tests: a document as long as asked, so that a worker can be met at work."""
