"""The report: what an experiment says, as one page that stands alone, and as a PDF made from it."""
