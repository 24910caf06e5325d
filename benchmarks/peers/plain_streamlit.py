"""Four `st.plotly_chart` and five `st.metric`, as Streamlit's own documentation would have it."""

import streamlit as st

from benchmarks.peers.charts import AUCS, START, THRESHOLDS, State, figures, numbers

st.set_page_config(layout="wide")
state = State(
    st.select_slider(
        "Threshold", [float(t) for t in THRESHOLDS], value=START.threshold, key="threshold"
    ),
    st.select_slider("AUC", [float(a) for a in AUCS], value=START.auc, key="auc"),
)
for column, (name, value) in zip(st.columns(5), numbers(state).items(), strict=True):
    column.metric(name, value)
st.text(str(state))
columns = st.columns(2)
for i, figure in enumerate(figures(state)):
    columns[i % 2].plotly_chart(figure, key=f"chart-{i}")
