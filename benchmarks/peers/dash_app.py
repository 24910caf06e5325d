"""The same in Dash: one server callback from two sliders to four graphs and the numbers."""

import sys

import dash
from dash import dcc, html

from benchmarks.peers.charts import AUCS, CHARTS, START, THRESHOLDS, State, figures, numbers

app = dash.Dash(__name__)


def slider(name: str, stops: int, at: int) -> dcc.Slider:
    """Let one knob be dragged, and ask the server while it is dragged."""
    return dcc.Slider(0, stops - 1, 1, value=at, id=name, updatemode="drag", marks=None)


app.layout = html.Div(
    [
        slider("threshold", len(THRESHOLDS), list(THRESHOLDS).index(START.threshold)),
        slider("auc", len(AUCS), list(AUCS).index(START.auc)),
        html.P(id="numbers", className="numbers"),
        html.Div(
            [dcc.Graph(id=name) for name in CHARTS],
            style={"display": "grid", "gridTemplateColumns": "1fr 1fr"},
        ),
    ]
)


def redraw(threshold: int, auc: int) -> tuple[object, ...]:
    """Answer a moved slider."""
    state = State(float(THRESHOLDS[threshold]), float(AUCS[auc]))
    said = "  ".join(f"{name} {value}" for name, value in numbers(state).items())
    return (*figures(state), f"{said}  {state}")


app.callback(
    [*(dash.Output(name, "figure") for name in CHARTS), dash.Output("numbers", "children")],
    [dash.Input("threshold", "value"), dash.Input("auc", "value")],
)(redraw)

if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(sys.argv[1]), debug=False)
