"""What articles are about, so that sources are compared where they write about the same."""

from collections.abc import Sequence

import numpy as np
from sklearn.cluster import MiniBatchKMeans
from sklearn.feature_extraction.text import TfidfVectorizer

from annotate.scoring.comparison import Strata
from annotate.scoring.corpus import Tallied

_PER_TOPIC = 30  # articles, on average
_MOST = 50
_NAMED_BY = 3  # words


def topics(articles: Sequence[Tallied]) -> Strata:
    """Group articles by their words (TF-IDF, k-means), and name each group by the words that are most its own."""
    if not any(article.text for article in articles):
        return {}
    words = TfidfVectorizer(max_features=20_000, max_df=0.5, min_df=min(2, len(articles)), sublinear_tf=True)
    try:
        vectors = words.fit_transform([article.text for article in articles])
    except ValueError:  # no word is in two articles, and in fewer than half of them
        return {}
    n_topics = max(1, min(_MOST, len(articles) // _PER_TOPIC))
    clusters = MiniBatchKMeans(n_topics, random_state=0, n_init=3, batch_size=1024).fit(vectors)
    vocabulary = words.get_feature_names_out()
    names = [" ".join(vocabulary[np.argsort(-centre)[:_NAMED_BY]]) for centre in clusters.cluster_centers_]
    return {
        article.id: f"{number + 1}: {names[number]}" for article, number in zip(articles, clusters.labels_, strict=True)
    }
