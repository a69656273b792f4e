"""The datasets of texts, as facts."""

from __future__ import annotations

from core.experiment.card import DatasetCard

TEXTS = (
    DatasetCard(
        name="novels",
        title="Jane Austen's novels (text)",
        summary="Which of six novels is a paragraph from? 4,200 paragraphs of up to 119 words. "
        "Comes with Epochscope.",
        shape=(120,),
        classes=(
            "Emma",
            "Mansfield Park",
            "Northanger Abbey",
            "Persuasion",
            "Pride and Prejudice",
            "Sense and Sensibility",
        ),
        train_size=3_600,
        test_size=600,
        source="Jane Austen's six novels (1811–1817), as Project Gutenberg has them; a "
        "class-balanced sample of paragraphs",
        licence="public domain",
        vocabulary=10_000,
    ),
)
