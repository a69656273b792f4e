"""The datasets of texts, as facts."""

from __future__ import annotations

from core.experiment.card import DatasetCard
from core.experiment.names import REUTERS_CLASSES

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
    DatasetCard(
        name="imdb",
        title="IMDB reviews (text)",
        summary="Does a film review praise or blame? 50,000 reviews; of long ones the last 500 "
        "tokens.",
        shape=(500,),
        classes=("Negative", "Positive"),
        train_size=25_000,
        test_size=25_000,
        source="keras.datasets.imdb: Large Movie Review Dataset (Maas et al., 2011)",
        licence="not stated by the source",
        vocabulary=20_000,
    ),
    DatasetCard(
        name="reuters",
        title="Reuters newswires (text)",
        summary="Which of 46 topics is a newswire of 1987 about? Some topics have 3,000 of them, "
        "others a dozen.",
        shape=(500,),
        classes=REUTERS_CLASSES,
        train_size=8_982,
        test_size=2_246,
        source="keras.datasets.reuters: Reuters-21578 (Lewis, 1997)",
        licence="not stated by the source; for research",
        vocabulary=20_000,
    ),
)
