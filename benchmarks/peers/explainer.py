"""explainerdashboard's own four cutoff charts and its table of metrics, on 569 rows.

Its components as they are, joined by its own connector. The model is poor on purpose: its
predictions spread over all cutoffs, so that every step of the slider changes something.
"""

import sys

from dash import html
from explainerdashboard import ClassifierExplainer, ExplainerDashboard
from explainerdashboard.custom import (
    ClassifierModelSummaryComponent,
    CutoffConnector,
    ExplainerComponent,
    LiftCurveComponent,
    PrAucComponent,
    PrecisionComponent,
    RocAucComponent,
)
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression

SHOWN = (PrecisionComponent, LiftCurveComponent, RocAucComponent, PrAucComponent)


class Linked(ExplainerComponent):  # type: ignore[misc]  # its library has no types
    """Four charts and the metrics, all following the first chart's cutoff."""

    def __init__(self, explainer: ClassifierExplainer, **_: object) -> None:
        super().__init__(explainer, title="Linked")
        self.charts = [
            kind(explainer, name=f"chart{i}", hide_selector=True) for i, kind in enumerate(SHOWN)
        ]
        self.metrics = ClassifierModelSummaryComponent(explainer, name="metrics")
        self.connector = CutoffConnector(self.charts[0], [*self.charts[1:], self.metrics])
        self.register_components(self.charts)

    def layout(self) -> html.Div:
        """Lay the charts out two by two."""
        two_by_two = {"display": "grid", "gridTemplateColumns": "1fr 1fr"}
        return html.Div(
            [
                html.Div([chart.layout() for chart in self.charts], style=two_by_two),
                html.Div(self.metrics.layout(), className="numbers"),
            ]
        )


def main() -> None:
    """Train a small model and serve its dashboard."""
    data = load_breast_cancer(as_frame=True)
    x = data.data[["mean smoothness", "mean texture"]]
    model = LogisticRegression().fit(x, data.target)
    explainer = ClassifierExplainer(model, x, data.target, shap="linear")
    ExplainerDashboard(explainer, Linked, hide_header=True).run(
        port=int(sys.argv[1]), host="127.0.0.1", use_waitress=False
    )


if __name__ == "__main__":
    main()
