"""Launcher and script in one file: the page list, the frame around every page, run.

Streamlit runs this file once outside a session, to find `app`, and then once per rerun. The
page list comes first in both cases: until `st.navigation` has run in a process, a deep link
would open the bare page file instead of this script.
"""

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.scriptrunner import get_script_run_ctx

from aipm_metrics.scenarios import SCENARIOS
from pages._shared.canonical import CanonicalLinks
from pages._shared.frame import menu
from pages._shared.live.assets import ROUTES
from pages._shared.memory import set_aside_libraries
from pages._shared.served_shell import ServedShell

home = st.Page("pages/home.py", title="Home", default=True)
pages = {s: st.Page(f"pages/{s.page}.py", title=s.title, url_path=s.page) for s in SCENARIOS}
compare = st.Page("pages/compare.py", title="Compare", url_path="compare")
own = st.Page("pages/your_data.py", title="Your data", url_path="your_data")
page = st.navigation([home, *pages.values(), compare, own], position="hidden")

if get_script_run_ctx(suppress_warning=True) is None:
    guards = [Middleware(CanonicalLinks), Middleware(ServedShell)]
    app = st.App(__file__, routes=ROUTES, middleware=guards)
else:
    st.set_page_config(page_title=f"{page.title} - aipm-metrics", layout="wide")
    menu(home, pages, compare, own)
    page.run()
    set_aside_libraries()
